"""Keys as their addressees know them, and time that passes for them."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox.sealing import unseal
from contacts.models import Contact, PendingChannel


def messages(contact: Contact, kind: str = "channelKey") -> list[dict[str, Any]]:
    """What was written to a contact and has not been emptied, oldest first."""
    rows = OutboxMessage.objects.filter(contact_id=contact.pk, kind=kind, sealed__isnull=False)
    return [
        {"state": row.state, "channel": row.channel, **unseal(bytes(row.sealed or b""))}
        for row in rows.order_by("pk")
    ]


def latest_key(contact: Contact, channel: str = "Email") -> str:
    """The key in the latest message."""
    keys = [each["parameters"]["key"] for each in messages(contact) if each["channel"] == channel]
    return str(keys[-1])


def wrong_key(contact: Contact, channel: str = "Email") -> str:
    """A key that was not sent."""
    return f"{(int(latest_key(contact, channel)) + 1) % 10**6:06d}"


def let_keys_age(**time: float) -> None:
    """All keys, and the requests for them, as they are after some time. What the triggers of the
    audit log refuse to everyone else is done without them.
    """
    passed = timedelta(**time)
    PendingChannel.objects.update(
        key_expires_at=F("key_expires_at") - passed, last_message_at=F("last_message_at") - passed
    )
    OutboxMessage.objects.update(created_at=F("created_at") - passed)


def requests_of(contact: Contact, channel: str = "Email") -> int:
    """How many values of a channel were asked for."""
    return AuditEvent.objects.filter(
        object_type="contact", object_id=str(contact.pk), operation=f"request{channel}"
    ).count()
