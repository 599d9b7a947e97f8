"""Reads of pending channel values and of what limits their keys (V2, V3). Times: the database's."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from config.common.outbox import outbox_recent
from contacts.messages import CHANNEL_KEY
from contacts.models import PendingChannel


class Quota(NamedTuple):
    """How many of something are left, and after how many seconds there is one more."""

    left: int
    wait_seconds: int


class Waiting(NamedTuple):
    """A value that waits, with what only the database's clock can say: whether its key still counts
    and how long ago the last message was written, None without one.
    """

    pending: PendingChannel
    is_key_live: bool
    since_message: timedelta | None


def waiting_get(*, contact_id: int, channel: str) -> Waiting | None:
    """What waits on a channel. Expects the contact's lock."""
    since: Any = ExpressionWrapper(Now() - F("last_message_at"), output_field=DurationField())
    is_live: Any = ExpressionWrapper(Q(key_expires_at__gt=Now()), output_field=BooleanField())
    pending: Any = (  # Any: annotated
        PendingChannel.objects.filter(contact_id=contact_id, channel=channel)
        .annotate(since_message=since, is_key_live=is_live)
        .first()
    )
    if pending is None:
        return None
    return Waiting(pending, bool(pending.is_key_live), pending.since_message)


_VALUES = """
SELECT count(*),
       ceil(extract(epoch FROM min(created_at) + interval '1 day' - statement_timestamp()))
FROM (
    SELECT created_at FROM common_auditevent
    WHERE object_type = 'contact' AND object_id = %s AND operation = %s
      AND created_at > statement_timestamp() - interval '1 day'
    ORDER BY id DESC LIMIT %s
) latest
"""


def values_quota(*, contact_id: int, operation: str) -> Quota:
    """How many further values may wait on a channel of a contact today: the audit log, which nobody
    can shorten, counts the requests.
    """
    limit: int = settings.VERIFICATION_VALUES_PER_DAY
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, [str(contact_id), operation, limit])
        count, seconds = cursor.fetchone()
    return _quota(limit, count, seconds)


def destination_quota(*, channel: str, value: str) -> Quota:
    """How many further keys may go to an address this hour, whichever contacts ask for them: the
    outbox counts, so that giving a value up does not reset it.
    """
    recent = outbox_recent(
        kind=CHANNEL_KEY.kind, channel=channel, recipient=value, period=timedelta(hours=1)
    )
    limit: int = settings.VERIFICATION_KEYS_PER_ADDRESS_AND_HOUR
    return _quota(limit, recent.messages, recent.seconds_left)


def _quota(limit: int, count: int, seconds: int | None) -> Quota:
    return Quota(left=limit - count, wait_seconds=max(1, int(seconds or 0)))
