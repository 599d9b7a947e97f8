"""The back office's base: who acts, what every page refuses, and the audit log."""

from config.common.admin.audit import AuditEventAdmin
from config.common.admin.base import BackOfficeAdmin, ReadOnlyAdmin, actor_of
from config.common.admin.messages import OutboxMessageAdmin
from config.common.admin.pages import page, refusal_text, refuse

__all__ = [
    "AuditEventAdmin",
    "BackOfficeAdmin",
    "OutboxMessageAdmin",
    "ReadOnlyAdmin",
    "actor_of",
    "page",
    "refusal_text",
    "refuse",
]
