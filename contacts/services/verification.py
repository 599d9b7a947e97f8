"""Confirming, sending again and giving up a pending email or mobile (V2-V6)."""

import math
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import DomainError, NotFound
from config.common.outbox import Channel, Message, outbox_add
from contacts.channels import channel_paths, contact_language, written_channels
from contacts.exceptions import (
    ContactAnonymized,
    DetailsNoLongerValid,
    KeyExpired,
    KeyNoMatch,
    NothingPending,
    TooManyKeys,
)
from contacts.keys import key_matches
from contacts.messages import CHANNEL_CHANGED
from contacts.models import ChangeSet, PendingChannel
from contacts.selectors.targets import targets_get_for_update
from contacts.selectors.verification import waiting_get
from contacts.services.channels import (
    destinations_lock,
    has_resends,
    is_used_up,
    key_send,
    require_destination,
)
from contacts.services.details import DetailsWrite, Origin, details_apply
from contacts.services.pending import pending_drop
from contacts.targets import CONTACT, TargetRef, TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, fold, normalise, settle, value_at
from crmschema.selectors import compiled_at

DAY_SECONDS = 24 * 3600

# Counting comes before comparing, and only a key that still has attempts and time is compared.
_COUNT_ATTEMPT = """
UPDATE contacts_pendingchannel SET attempts = attempts + 1
WHERE contact_id = %s AND channel = %s AND attempts < %s
  AND key_expires_at > statement_timestamp()
RETURNING id, key_hash
"""

_FORGET_KEYS = """
UPDATE contacts_pendingchannel SET key_hash = NULL WHERE id IN (
    SELECT id FROM contacts_pendingchannel
    WHERE key_hash IS NOT NULL AND key_expires_at <= statement_timestamp()
    FOR NO KEY UPDATE SKIP LOCKED
)
"""


class _Attempt(NamedTuple):
    pending_id: int
    key_hash: bytes


@atomic()
def channel_verify(
    *, actor: Actor, ref: TargetRef, channel: str, key: str | None
) -> DomainError | None:
    """Confirm what waits on a channel of a contact that the caller is known to reach: the value
    moves into the details as one change set of whoever asked for it, and the old address is told
    (V1, V5). Whoever confirms is in the audit log (H3).

    A key that is refused is returned and not raised, so that the attempt stays counted (V2): as
    KeyNoMatch, also where nothing waits, or as KeyExpired. Takes the schema's shared lock, then
    the contact's row lock. Raises NotFound, ContactAnonymized and, with everything as it was
    before, UsernameNotUnique and DetailsNoLongerValid.
    """
    state = _locked(ref)
    attempt = _count_attempt(ref.id, channel)
    stored = None if attempt is None else attempt.key_hash
    is_match = key_matches(stored, ref.id, channel, key or "")
    if attempt is None:
        return KeyExpired() if channel in state.pending else KeyNoMatch()
    if not is_match:
        return KeyNoMatch()
    _confirm(actor, state, attempt.pending_id)
    return None


@atomic()
def channel_key_resend(*, actor: Actor, ref: TargetRef, channel: str) -> None:
    """Send what waits on a channel another key; the one before is void (V3).

    Takes the schema's shared lock, then the contact's row lock. Raises NotFound,
    ContactAnonymized, NothingPending, KeyExpired (all attempts are used up, so no key would help),
    TooManyKeys.
    """
    state = _locked(ref)
    waiting = waiting_get(contact_id=ref.id, channel=channel)
    if waiting is None:
        raise NothingPending
    pending = waiting.pending
    if is_used_up(pending):
        raise KeyExpired
    if not has_resends(pending):
        raise TooManyKeys(headers={"Retry-After": str(DAY_SECONDS)})
    _require_pause(waiting.since_message)
    destinations_lock([pending.value])
    require_destination(pending)
    key_send(pending, contact_language(compiled_at(state.schema), state.details))
    _audit(actor, "resendChannelKey", pending, pending.path)


@atomic()
def channel_discontinue(*, actor: Actor, ref: TargetRef, channel: str) -> None:
    """Drop what waits on a channel, with its key; nothing pending is fine (V6).

    Takes the schema's shared lock, then the contact's row lock. Raises NotFound,
    ContactAnonymized.
    """
    _locked(ref)
    pending = pending_drop(contact_id=ref.id, channel=channel)
    if pending is not None:
        _audit(actor, "discontinueChannelVerification", pending, pending.path)


def keys_purge() -> int:
    """Forget the hashes of keys whose time is over; returns how many there were. What another
    transaction is at is left to the next run, so that the two never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_KEYS)
        count: int = cursor.rowcount
    return count


def _locked(ref: TargetRef) -> TargetState:
    state = targets_get_for_update([ref]).get(ref.id)
    if state is None:
        raise NotFound
    if state.is_anonymised:
        raise ContactAnonymized
    return state


def _count_attempt(contact_id: int, channel: str) -> _Attempt | None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ATTEMPT, [contact_id, channel, settings.VERIFICATION_ATTEMPTS])
        row = cursor.fetchone()
    return None if row is None else _Attempt(row[0], bytes(row[1]))


def _confirm(actor: Actor, state: TargetState, pending_id: int) -> None:
    pending = PendingChannel.objects.select_related("change_request").get(pk=pending_id)
    compiled = compiled_at(state.schema)
    path = _path(compiled, pending)
    old = value_at(state.details, path)
    write = _write(state, compiled, pending, Change(path, old, pending.value))
    if write.changes:
        details_apply(origin=_origin(pending), kind=CONTACT, writes=[write])
    if pending.channel not in written_channels(compiled, write.changes):
        # The schema has taken the field's part as this channel away meanwhile.
        PendingChannel.objects.filter(pk=pending_id).delete()
    _audit(actor, "verifyChannel", pending, path)
    if isinstance(old, str) and write.changes:
        outbox_add(
            Message(
                kind=CHANNEL_CHANGED.kind,
                channel=Channel(pending.channel),
                recipient=old,
                language=contact_language(compiled, state.details),
                contact_id=pending.contact_id,
            )
        )


def _path(compiled: CompiledSchema, pending: PendingChannel) -> str:
    """The field that is the channel now: a schema save can have given the part to another since
    the value was sent (V5). Where none has it, the field that the value was sent for.
    """
    paths = channel_paths(compiled)
    return next((path for path in paths if paths[path] == pending.channel), pending.path)


def _write(
    state: TargetState, compiled: CompiledSchema, pending: PendingChannel, change: Change
) -> DetailsWrite:
    """Today's document with the confirmed value, if the schema takes it as it is now."""
    settlement = settle(
        compiled,
        stored=state.details,
        proposed=normalise(compiled, fold(state.details, [change])),
        # The one who asked: of apps more is required than of members (D1).
        for_member=pending.member_id is not None,
        is_decided=True,
    )
    if settlement.errors:
        raise DetailsNoLongerValid.of(settlement.errors)
    return DetailsWrite(state, compiled, settlement.document, settlement.changes)


def _origin(pending: PendingChannel) -> Origin:
    """Who asked for the value, and the request that held it (V1)."""
    request = pending.change_request
    return Origin(
        ChangeSet.Source.VERIFICATION,
        member_id=pending.member_id,
        app_id=pending.app_id,
        comment=pending.comment,
        change_request_id=pending.change_request_id,
        reviewer_id=request.reviewer_id if request is not None else None,
    )


def _require_pause(since: timedelta | None) -> None:
    if since is None:
        return
    left = math.ceil(settings.VERIFICATION_RESEND_PAUSE_SECONDS - since.total_seconds())
    if left > 0:
        raise TooManyKeys(headers={"Retry-After": str(left)})


def _audit(actor: Actor, operation: str, pending: PendingChannel, path: str) -> None:
    audit_record(
        actor=actor,
        operation=operation,
        object_type="contact",
        object_id=pending.contact_id,
        fields=[path],
    )
