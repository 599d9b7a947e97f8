"""Values of email and mobile that wait for a key, and the keys that go to them (V1-V3)."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.outbox import (
    Channel,
    Message,
    outbox_add,
    outbox_add_many,
    outbox_cancel_about,
)
from config.common.value_locks import LockSpace, values_lock
from contacts.channels import channel_paths, contact_language
from contacts.exceptions import TooManyKeys
from contacts.keys import key_hash, new_key
from contacts.messages import CHANNEL_KEY, CHANNEL_REMOVED
from contacts.models import PendingChannel
from contacts.selectors.verification import (
    Quota,
    destination_quota,
    values_quota,
    waiting_get,
)
from contacts.services.details import Origin
from contacts.services.pending import about, pending_drop
from contacts.targets import TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change


def channels_hold(
    *, origin: Origin, state: TargetState, compiled: CompiledSchema, waiting: Sequence[Change]
) -> None:
    """Let new values of channels wait, and send each its key. A value that waits already is left
    alone as long as a key can still confirm it, another one of the same channel is replaced, its
    key void (V6). Each leaves an audit event (H3). Expects the contact's lock. Raises TooManyKeys.
    """
    channels = channel_paths(compiled)
    destinations_lock([change.target for change in waiting])
    for change in waiting:
        channel = channels[change.path]
        if state.pending.get(channel) == change.target and _stays(state.ref.id, channel):
            continue
        pending = PendingChannel(
            contact_id=state.ref.id,
            channel=channel,
            path=change.path,
            value=change.target,
            member_id=origin.member_id,
            app_id=origin.app_id,
            comment=origin.comment or "",
            change_request_id=origin.change_request_id,
        )
        _require_quota(values_quota(contact_id=state.ref.id, operation=_requested(channel)))
        require_destination(pending)
        if channel in state.pending:
            pending_drop(contact_id=state.ref.id, channel=channel)
        pending.save(force_insert=True)
        key_send(pending, contact_language(compiled, state.details))
        audit_record(
            actor=Actor(app_id=origin.app_id, member_id=origin.member_id),
            operation=_requested(channel),
            object_type="contact",
            object_id=state.ref.id,
            fields=[change.path],
        )


def channels_tell_removed(
    *, state: TargetState, compiled: CompiledSchema, removed: Sequence[Change]
) -> None:
    """Tell the addresses of channels that `removed` cleared. Whoever cleared one first and gave
    another afterwards would otherwise be the only one to know: nobody is left to be told then (V5).
    Expects the contact's lock.
    """
    channels, language = channel_paths(compiled), contact_language(compiled, state.details)
    outbox_add_many(
        Message(
            kind=CHANNEL_REMOVED.kind,
            channel=Channel(channels[change.path]),
            recipient=change.original,
            language=language,
            contact_id=state.ref.id,
        )
        for change in removed
    )


def key_send(pending: PendingChannel, language: str | None) -> None:
    """Give a pending value another key and send it; the one before is void, its message too if it
    has not gone out. Attempts stay as they are (V2). Expects the contact's lock.
    """
    key, lifetime = new_key(), timedelta(minutes=settings.VERIFICATION_KEY_MINUTES)
    PendingChannel.objects.filter(pk=pending.pk).update(
        key_hash=key_hash(pending.contact_id, pending.channel, key),
        key_expires_at=Now() + lifetime,
        messages=F("messages") + 1,
        last_message_at=Now(),
    )
    if pending.messages:
        outbox_cancel_about(about(pending.pk))
    outbox_add(
        Message(
            kind=CHANNEL_KEY.kind,
            channel=Channel(pending.channel),
            recipient=pending.value,
            language=language,
            parameters={"key": key, "minutes": settings.VERIFICATION_KEY_MINUTES},
            contact_id=pending.contact_id,
            about=about(pending.pk),
            lifetime=lifetime,
        )
    )


def destinations_lock(values: Sequence[str]) -> None:
    """Keep others from counting the keys to addresses until this transaction has added its own.
    Expects the contact's lock.
    """
    values_lock(LockSpace.DESTINATIONS, [value.casefold() for value in values])


def require_destination(pending: PendingChannel) -> None:
    """Refuse when an address has got its share of keys, whoever asked for them. Raises
    TooManyKeys. Expects `destinations_lock`.
    """
    _require_quota(destination_quota(channel=pending.channel, value=pending.value))


def is_used_up(pending: PendingChannel) -> bool:
    """Whether no key that was or could be sent can confirm the value any more (V2)."""
    return pending.attempts >= settings.VERIFICATION_ATTEMPTS


def has_resends(pending: PendingChannel) -> bool:
    """Whether a key may still be sent again (V3): the first message is none of the resends."""
    return pending.messages <= settings.VERIFICATION_RESENDS


def _stays(contact_id: int, channel: str) -> bool:
    """Whether sending the value that waits leaves it alone (V1). Once neither its key nor a resend
    can confirm it, sending it again is a new submission.
    """
    waiting = waiting_get(contact_id=contact_id, channel=channel)
    return (
        waiting is not None
        and not is_used_up(waiting.pending)
        and (waiting.is_key_live or has_resends(waiting.pending))
    )


def _requested(channel: str) -> str:
    return f"request{channel}"


def _require_quota(quota: Quota) -> None:
    if quota.left <= 0:
        raise TooManyKeys(headers={"Retry-After": str(quota.wait_seconds)})
