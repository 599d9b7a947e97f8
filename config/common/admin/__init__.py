"""The back office's base: who acts, what every page refuses, and the audit log."""

from config.common.admin.audit import AuditEventAdmin
from config.common.admin.base import BackOfficeAdmin, CountedList, ReadOnlyAdmin, actor_of
from config.common.admin.json_pages import json_page, posted_object
from config.common.admin.messages import OutboxMessageAdmin
from config.common.admin.pages import page, reader_language, refusal_text, refuse

__all__ = [
    "AuditEventAdmin",
    "BackOfficeAdmin",
    "CountedList",
    "OutboxMessageAdmin",
    "ReadOnlyAdmin",
    "actor_of",
    "json_page",
    "page",
    "posted_object",
    "reader_language",
    "refusal_text",
    "refuse",
]
