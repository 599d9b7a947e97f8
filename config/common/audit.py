"""Audit events (H3): written in the transaction of the write that they record."""

from collections.abc import Collection

from config.common.actors import Actor
from config.common.correlation import correlation_id
from config.common.models import AuditEvent


def audit_record(
    *,
    actor: Actor,
    operation: str,
    object_type: str,
    object_id: object,
    fields: Collection[str] = (),
    reason: str | None = None,
) -> None:
    """Append one event. `fields` are names, never values; expects the caller's transaction."""
    AuditEvent.objects.create(
        member_id=actor.member_id,
        app_id=actor.app_id,
        operation=operation,
        object_type=object_type,
        object_id=str(object_id),
        fields=sorted(fields),
        reason=reason or "",
        correlation_id=correlation_id(),
    )
