"""Messages of the outbox: put in, made older, and how they stand."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from config.common.models import OutboxMessage
from config.common.outbox import Channel, Message, outbox_add

ADDRESS = "ada@example.com"


def add(**changes: Any) -> OutboxMessage:
    """A message with a key; fields as they are told."""
    values: dict[str, Any] = {
        "kind": "channelKey",
        "channel": Channel.EMAIL,
        "recipient": ADDRESS,
        "parameters": {"key": "012345", "minutes": 10},
    }
    return outbox_add(Message(**{**values, **changes}))


def states() -> list[tuple[str, int, str]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("state", "attempts", "error"))


def let_pass(**time: float) -> None:
    """All messages as they are after some time: their moments lie so much further back."""
    passed = timedelta(**time)
    OutboxMessage.objects.update(
        next_attempt_at=F("next_attempt_at") - passed,
        expires_at=F("expires_at") - passed,
        finished_at=F("finished_at") - passed,
    )
