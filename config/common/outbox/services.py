"""Writes of the outbox but for delivery itself (`config.common.outbox.delivery`)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import Conflict, NotFound
from config.common.models import OutboxMessage
from config.common.outbox.sealing import recipient_hash, seal
from config.common.outbox.templates import message_language, template_of
from config.common.outbox.wake import wake_deliverer

_State = OutboxMessage.State
_UNSENT = (_State.PENDING, _State.SENDING)
_PURGE_BATCH = 5_000
_ADD_BATCH = 500
_VISIBLE_ENDS = 1


# The end of its time is what a message at work goes by when it comes back.
_OVERTAKE = """
UPDATE common_outboxmessage SET
    state = CASE state WHEN 'Pending' THEN 'Cancelled' ELSE state END,
    sealed = CASE state WHEN 'Sending' THEN sealed END,
    finished_at = CASE state WHEN 'Pending' THEN statement_timestamp() ELSE finished_at END,
    expires_at = least(expires_at, statement_timestamp())
WHERE about = ANY (%s::text[]) AND state IN ('Pending', 'Sending', 'Failed')
"""


class MessageNotWaiting(Conflict):
    """The message is in a state that the action does not fit."""

    sub_code = "MessageNotWaiting"
    default_message = "The message has moved on in the meantime."


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person.

    `parameters` are JSON values, exactly those that the template names. `contact_id` says whom it
    concerns, so that erasure finds it (N2); `about` names the row that it belongs to, so that what
    is overtaken can be cancelled. After `lifetime` it is not sent any more.
    """

    kind: str
    channel: OutboxMessage.Channel
    recipient: str
    language: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON values
    contact_id: int | None = None
    about: str = ""
    lifetime: timedelta | None = None


def outbox_add(message: Message) -> OutboxMessage:
    """Write a message in the caller's transaction; it goes out after the commit, or never.

    Delivery is at least once, and all attempts carry one `message_id`. No broker and no provider
    is asked before the commit, and none of them can fail the caller. Raises LookupError and
    ValueError for what no template allows: mistakes of ours, not of a person.
    """
    [added] = outbox_add_many([message])
    return added


def outbox_add_many(messages: Iterable[Message]) -> list[OutboxMessage]:
    """The same for any number of messages; one statement for each few hundred."""
    rows = [_row(message) for message in messages]
    added = OutboxMessage.objects.bulk_create(rows, batch_size=_ADD_BATCH)
    # Once a transaction is enough: whoever delivers takes all that is due.
    if rows and not any(entry[1] is wake_deliverer for entry in connection.run_on_commit):
        transaction.on_commit(wake_deliverer)
    return added


def _row(message: Message) -> OutboxMessage:
    template = template_of(message.kind)
    if message.channel not in template.channels:
        raise ValueError(f"Messages of the kind {message.kind} do not go by {message.channel}.")
    if set(message.parameters) != set(template.parameters):
        raise ValueError(f"Messages of the kind {message.kind} have other parameters.")
    lifetime = message.lifetime or timedelta(hours=settings.OUTBOX_LIFETIME_HOURS)
    return OutboxMessage(
        kind=message.kind,
        channel=message.channel,
        language=message_language(message.language),
        recipient_hint=masked(message.recipient),
        recipient_hash=recipient_hash(message.recipient),
        sealed=seal({"recipient": message.recipient, "parameters": dict(message.parameters)}),
        contact_id=message.contact_id,
        about=message.about,
        next_attempt_at=Now(),
        expires_at=Now() + lifetime,
    )


def masked(recipient: str) -> str:
    """A recipient as lists show it: enough to tell two apart, too little to write to."""
    local, at, domain = recipient.rpartition("@")
    if not at:
        return f"•••{recipient[-2:]}"
    name, dot, top = domain.rpartition(".")
    return f"{local[:_VISIBLE_ENDS]}•••@{name[:_VISIBLE_ENDS]}•••{dot}{top}"[:64]


def outbox_cancel_about(*about: str) -> None:
    """Cancel what still waits to be sent about rows. What is on its way cannot be stopped, but it
    is not tried another time; what failed cannot be tried again either. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVERTAKE, [list(about)])


@atomic()
def outbox_cancel(*, actor: Actor, message_id: int) -> None:
    """Never send a message that waits. Locks it. Raises NotFound, MessageNotWaiting."""
    message = _locked(message_id)
    if message.state != _State.PENDING:
        raise MessageNotWaiting
    message.state, message.sealed, message.finished_at = _State.CANCELLED, None, Now()
    message.save(update_fields=["state", "sealed", "finished_at"])
    _audit(actor, "cancelMessage", message)


@atomic()
def outbox_retry(*, actor: Actor, message_id: int) -> None:
    """Try a message again now: one that failed, or that waits for its next attempt. Content that
    has been emptied cannot be sent. Locks it. Raises NotFound, MessageNotWaiting.
    """
    message = _locked(message_id)
    if message.state not in (_State.PENDING, _State.FAILED) or message.sealed is None:
        raise MessageNotWaiting
    message.state, message.next_attempt_at, message.finished_at = _State.PENDING, Now(), None
    message.save(update_fields=["state", "next_attempt_at", "finished_at"])
    _audit(actor, "retryMessage", message)
    transaction.on_commit(wake_deliverer)


def outbox_erase(*, contact_ids: Collection[int]) -> None:
    """Empty all messages that concern contacts, and never send those that have not gone out (N2).

    Expects the erasure's transaction.
    """
    messages = OutboxMessage.objects.filter(contact_id__in=contact_ids)
    messages.filter(state__in=_UNSENT).update(state=_State.CANCELLED, finished_at=Now())
    messages.update(sealed=None, recipient_hint="", recipient_hash=None)


def outbox_purge() -> int:
    """Remove messages whose end lies further back than OUTBOX_KEPT_DAYS, and empty those that can
    no longer be sent; in batches that each commit. Returns how many were removed. What another
    transaction is at is left to the next run, so that the two never wait for each other.
    """
    over = OutboxMessage.objects.filter(
        ~Q(state__in=_UNSENT), sealed__isnull=False, expires_at__lte=Now()
    )
    kept = timedelta(days=settings.OUTBOX_KEPT_DAYS)
    old = OutboxMessage.objects.filter(finished_at__lte=Now() - kept).order_by("finished_at")
    _in_batches(over, lambda batch: batch.update(sealed=None))
    return _in_batches(old, lambda batch: batch.delete()[0])


def _in_batches(
    messages: QuerySet[OutboxMessage], act: Callable[[QuerySet[OutboxMessage]], int]
) -> int:
    """Do something to all of them that no other transaction holds; gives to how many."""
    done = 0
    while True:
        with transaction.atomic():
            locked = messages.select_for_update(skip_locked=True).values_list("pk", flat=True)
            count = act(OutboxMessage.objects.filter(pk__in=list(locked[:_PURGE_BATCH])))
        done += count
        if count < _PURGE_BATCH:
            return done


def _locked(message_id: int) -> OutboxMessage:
    message = OutboxMessage.objects.select_for_update(no_key=True).filter(pk=message_id).first()
    if message is None:
        raise NotFound
    return message


def _audit(actor: Actor, operation: str, message: OutboxMessage) -> None:
    audit_record(
        actor=actor,
        operation=operation,
        object_type="message",
        object_id=message.pk,
        fields=["state"],
    )
