"""What has been written to one recipient lately."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection

from config.common.outbox.sealing import recipient_hash

_RECENT = """
SELECT count(*), ceil(extract(epoch FROM min(created_at) + %s::interval - statement_timestamp()))
FROM common_outboxmessage
WHERE recipient_hash = %s AND created_at > statement_timestamp() - %s::interval
  AND kind = %s AND channel = %s
"""


class Recent(NamedTuple):
    """How many messages, and in how many seconds the oldest of them no longer counts."""

    messages: int
    seconds_left: int


def outbox_recent(*, kind: str, channel: str, recipient: str, period: timedelta) -> Recent:
    """The messages of a kind to a recipient in the latest `period`, whomever they concern and
    whatever became of them. One statement.
    """
    values: list[Any] = [
        period,
        recipient_hash(recipient),
        period,
        kind,
        channel,
    ]  # Any: of their types
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, values)
        count, seconds = cursor.fetchone()
    return Recent(int(count), int(seconds or 0))
