"""Delivery: claim a message, let its provider send it, write down what became of it (V7).

The claim commits before the provider is asked, so that no lock is held during a network call. It is
a lease: `next_attempt_at` lies ahead, and a worker that is killed loses the message to the next one
when it passes. What was sent twice that way carries the same id twice.
"""

import random
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Least, Now

from config.common.logging import describe_exception
from config.common.models import OutboxMessage
from config.common.outbox.providers import Outgoing, TryAgain, Undeliverable, provider_of
from config.common.outbox.sealing import Unreadable, unseal
from config.common.outbox.templates import render

# Longer than any provider may take.
LEASE_SECONDS = 120
BATCH = 100
EXPIRED = "Expired"

log = structlog.get_logger(__name__)
_State = OutboxMessage.State

# Materialized: as a subquery it is run for each message where statistics tell of a single one,
# skips what it has locked before, and so claims all that are due; all but one wait for the lease.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM common_outboxmessage
    WHERE state IN ('Pending', 'Sending') AND next_attempt_at <= statement_timestamp()
    ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE common_outboxmessage AS message
SET state = 'Sending', attempts = attempts + 1,
    next_attempt_at = statement_timestamp() + make_interval(secs => %s::int)
FROM due
WHERE message.id = due.id
RETURNING message.id, message.message_id, message.kind, message.channel, message.language,
          message.sealed, message.attempts, message.created_at,
          message.expires_at <= statement_timestamp()
"""


def outbox_deliver() -> int:
    """Send what is due, up to a batch, and return how many messages were taken up.

    Any number of workers may do so at once. Expects no transaction.
    """
    taken = 0
    while taken < BATCH:
        claimed = _claim()
        if claimed is None:
            break
        taken += 1
        _send(*claimed)
    return taken


def _claim() -> tuple[OutboxMessage, bool] | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [LEASE_SECONDS])
        row = cursor.fetchone()
    if row is None:
        return None
    names = ("id", "message_id", "kind", "channel", "language", "sealed", "attempts", "created_at")
    return OutboxMessage(**dict(zip(names, row[:-1], strict=True))), row[-1]


def _send(message: OutboxMessage, is_expired: bool) -> None:
    if is_expired:
        _finish(message, _State.FAILED, EXPIRED, empty=True)
        return
    try:
        provider_of(message.channel).send(_outgoing(message))
    except TryAgain as error:
        _again(message, error.code)
    except Undeliverable as error:
        # Kept until its time is over, so that somebody can have it tried again.
        _finish(message, _State.FAILED, error.code, empty=False)
    except Exception as error:
        # A provider is anybody's code, and must not hold up the messages behind this one. What it
        # raised is named without its text, which may hold the recipient.
        log.error("message_raised", message=message.pk, exception=describe_exception(error))
        _again(message, type(error).__name__[:64])
    else:
        _finish(message, _State.SENT, "", empty=True)


def _outgoing(message: OutboxMessage) -> Outgoing:
    """What the provider is given. Raises Undeliverable."""
    try:
        content = unseal(bytes(message.sealed or b""))
    except Unreadable:
        raise Undeliverable("Unreadable") from None
    return Outgoing(
        message_id=message.message_id,
        created_at=message.created_at,
        recipient=content["recipient"],
        content=render(message.kind, message.channel, message.language, content["parameters"]),
    )


def _finish(message: OutboxMessage, state: str, error: str, *, empty: bool) -> None:
    values = {"state": state, "error": error, "finished_at": Now()}
    _write(message, values | ({"sealed": None} if empty else {}))
    log.info(
        "message_finished", message=message.pk, kind=message.kind, state=str(state), error=error
    )


def _again(message: OutboxMessage, error: str) -> None:
    """Exponential back-off with a cap, not beyond the message's time."""
    longest: int = settings.OUTBOX_LONGEST_PAUSE_SECONDS
    # 2**20 is beyond any cap; the exponent must not grow with the attempts.
    pause = min(settings.OUTBOX_FIRST_PAUSE_SECONDS * 2 ** min(message.attempts - 1, 20), longest)
    # Up to a tenth apart, or everything that a provider missed would come back at one instant.
    later = timedelta(seconds=pause * random.uniform(1, 1.1))  # noqa: S311 - no secret
    when = ExpressionWrapper(Now() + later, output_field=DateTimeField())
    values = {
        "state": _State.PENDING,
        "error": error,
        "next_attempt_at": Least(when, F("expires_at")),
    }
    _write(message, values)
    log.warning("message_delayed", message=message.pk, kind=message.kind, error=error)


def _write(message: OutboxMessage, values: dict[str, object]) -> None:
    """Only while the claim is still ours: it may have been taken over, or the message erased."""
    OutboxMessage.objects.filter(
        pk=message.pk, state=_State.SENDING, attempts=message.attempts
    ).update(**values)
