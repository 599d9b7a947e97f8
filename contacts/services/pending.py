"""Dropping values that wait for a key, with the messages that carry their keys (V1, V6)."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from config.common.outbox import outbox_cancel_about
from contacts.models import PendingChannel

_DROP = """
DELETE FROM contacts_pendingchannel pending
USING jsonb_to_recordset(%s::jsonb) AS written (contact_id int, channel text)
WHERE pending.contact_id = written.contact_id AND pending.channel = written.channel
RETURNING pending.id
"""


def pending_drop(*, contact_id: int, channel: str) -> PendingChannel | None:
    """Remove what waits on a channel, with its key and the message that carries it, and return it.

    Expects the contact's lock.
    """
    pending = PendingChannel.objects.filter(contact_id=contact_id, channel=channel).first()
    if pending is not None:
        outbox_cancel_about(about(pending.pk))
        PendingChannel.objects.filter(pk=pending.pk).delete()
    return pending


def pendings_drop(written: Sequence[dict[str, Any]]) -> None:  # Any: `contact_id` and `channel`
    """Remove what waits on channels that are written otherwise, with keys and messages. Two
    statements, whatever the number. Expects the contacts' locks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [orjson.dumps(written).decode()])
        dropped = [about(pending_id) for (pending_id,) in cursor.fetchall()]
    outbox_cancel_about(*dropped)


def about(pending_id: int) -> str:
    """How messages name the value that they belong to."""
    return f"pendingChannel {pending_id}"
