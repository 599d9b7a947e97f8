"""How long contacts must be kept (N5)."""

from collections.abc import Collection
from datetime import datetime

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import BadRequest, NotFound
from contacts.exceptions import ContactAnonymized
from contacts.models import Contact, ContactType


@atomic()
def contact_retention_set(
    *, actor: Actor, contact_id: int, retain_until: datetime | None, reason: str
) -> None:
    """Keep a contact that the caller is known to reach from being anonymised before
    `retain_until`, None to let go of it (N5). Saying the same again changes nothing.

    Locks the contact. Raises BadRequest (no reason), NotFound, ContactAnonymized.
    """
    _require_reason(reason)
    locked = Contact.objects.select_for_update(no_key=True).filter(pk=contact_id)
    contact = locked.only("anonymised_at", "retain_until", "retention_reason").first()
    if contact is None:
        raise NotFound
    if contact.anonymised_at is not None:
        raise ContactAnonymized
    if (contact.retain_until, contact.retention_reason) == (retain_until, reason):
        return
    contact.retain_until, contact.retention_reason = retain_until, reason
    contact.save(update_fields=["retain_until", "retention_reason"])
    _audit(actor, "setRetention", "contact", contact_id, ["retainUntil", "reason"], reason)


@atomic()
def contact_type_retention_set(
    *, actor: Actor, contact_type_id: int, retain_until: datetime | None, reason: str
) -> None:
    """The same for every contact of a type. Locks the type. Raises BadRequest, NotFound."""
    _require_reason(reason)
    types = ContactType.objects.select_for_update(no_key=True)
    contact_type = types.filter(pk=contact_type_id).first()
    if contact_type is None:
        raise NotFound
    if contact_type.retain_until == retain_until:
        return
    contact_type.retain_until = retain_until
    contact_type.save(update_fields=["retain_until"])
    _audit(actor, "setRetention", "contactType", contact_type_id, ["retainUntil"], reason)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise BadRequest("A reason is required.")


def _audit(
    actor: Actor,
    operation: str,
    object_type: str,
    object_id: int,
    fields: Collection[str],
    reason: str,
) -> None:
    audit_record(
        actor=actor,
        operation=operation,
        object_type=object_type,
        object_id=object_id,
        fields=fields,
        reason=reason,
    )
