"""The one submission path: normalise → merge → validate → compare → hold, wait or apply."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from changerequests.approval import grid_bases, without_composed
from changerequests.exceptions import PendingChangeRequestExists
from changerequests.models import ChangeRequest
from changerequests.selectors.requests import pending_change_request
from changerequests.services.apply import Outcome, apply_or_wait
from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import Rider, atomic
from config.common.exceptions import NotFound
from contacts.channels import channel_paths, written_channels
from contacts.exceptions import ContactAnonymized, DetailsInvalid, StaleDetails
from contacts.models import ChangeSet
from contacts.selectors.targets import targets_get_for_update
from contacts.services.details import DetailsWrite, Origin, details_apply_unlocked
from contacts.targets import TargetRef, TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Mode, Settlement, propose, searchable_paths, settle
from crmschema.rendering import is_marked
from crmschema.selectors import compiled_at


@dataclass(frozen=True, slots=True)
class Submission:
    """A change of details as its caller sends it. `expected_versions` is what `If-Match` names;
    None means any.
    """

    mode: Mode
    details: Mapping[str, Any]  # Any: JSON values
    comment: str | None = None
    expected_versions: Collection[int] | None = None
    skip_verification: bool = False


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """What became of it: `change_request_id` when it is held (C2), the version of the details
    afterwards, and the channels whose new value waits, from this call or an earlier one.
    """

    change_request_id: int | None
    version: int
    pending_channels: frozenset[str]


@atomic()
def details_submit(
    *, actor: Actor, ref: TargetRef, submission: Submission, source: ChangeSet.Source
) -> SubmissionResult:
    """Change the details of a target that the caller is known to reach (D1-D12, C1-C3, V1).

    A member's submission that touches a marked field is held whole as a change request; anything
    else is written, but for channel values that wait for a key. Nothing changed: nothing happens.
    Takes the schema's shared lock, then the target's row lock. Raises NotFound, StaleDetails,
    ContactAnonymized, DetailsInvalid, PendingChangeRequestExists, TooManyKeys, UsernameNotUnique.
    """
    state = targets_get_for_update([ref]).get(ref.id)
    if state is None:
        raise NotFound
    compiled = compiled_at(state.schema)
    settlement = _settled(actor, submission, state, compiled)
    if not settlement.changes:
        return SubmissionResult(None, state.version, frozenset(state.pending))
    if actor.member_id is not None and _needs_approval(compiled, settlement):
        request = _hold(actor.member_id, actor.app_id, submission, state, compiled, settlement)
        return SubmissionResult(request.pk, state.version, frozenset(state.pending))
    outcome = apply_or_wait(
        origin=_origin(actor, submission, source),
        state=state,
        compiled=compiled,
        settlement=settlement,
        skip_verification=submission.skip_verification,
    )
    return _applied(state, compiled, outcome)


def details_submit_unlocked(
    *,
    actor: Actor,
    state: TargetState,
    submission: Submission,
    source: ChangeSet.Source,
    rider_of: Callable[[SubmissionResult], Rider] | None = None,
) -> SubmissionResult | None:
    """The same for a state that was read without locks, as far as one statement goes: a submission
    that neither is held nor writes a channel. None when it is another one, or when what was read
    has moved since: nothing is written then, and `details_submit` decides.

    What `rider_of` makes of the result goes along with the write. Raises as `details_submit` does,
    by the state that was read.
    """
    compiled = compiled_at(state.schema)
    settlement = _settled(actor, submission, state, compiled)
    changes = settlement.changes
    if not changes or (actor.is_member and _needs_approval(compiled, settlement)):
        return None
    if written_channels(compiled, changes):  # what waits for a key is read under the lock only
        return None
    result = SubmissionResult(None, state.version + 1, frozenset(state.pending))
    is_written = details_apply_unlocked(
        origin=_origin(actor, submission, source),
        kind=state.ref.kind,
        write=DetailsWrite(state, compiled, settlement.document, changes),
        rider=rider_of(result) if rider_of else None,
    )
    return result if is_written else None


def _settled(
    actor: Actor, submission: Submission, state: TargetState, compiled: CompiledSchema
) -> Settlement:
    expected = submission.expected_versions
    if expected is not None and state.version not in expected:
        raise StaleDetails
    if state.is_anonymised:
        raise ContactAnonymized
    proposed = propose(
        compiled,
        stored=state.details,
        body=submission.details,
        mode=submission.mode,
        for_member=actor.is_member,
    )
    settlement = settle(
        compiled, stored=state.details, proposed=proposed, for_member=actor.is_member
    )
    if settlement.errors:
        raise DetailsInvalid.of(settlement.errors)
    return settlement


def _needs_approval(compiled: CompiledSchema, settlement: Settlement) -> bool:
    return any(is_marked(compiled, change) for change in settlement.changes)


def _origin(actor: Actor, submission: Submission, source: ChangeSet.Source) -> Origin:
    return Origin(source, actor.member_id, actor.app_id, submission.comment)


def _hold(
    initiator_id: int,
    app_id: int | None,
    submission: Submission,
    state: TargetState,
    compiled: CompiledSchema,
    settlement: Settlement,
) -> ChangeRequest:
    """Store the submission as the target's pending request; the target's lock keeps others out."""
    pending = pending_change_request(ref=state.ref)
    if pending is not None:
        raise PendingChangeRequestExists(properties={"changeRequestId": pending.pk})
    changes = without_composed(compiled, settlement.changes)
    request = ChangeRequest.objects.create(
        **{state.ref.kind.reference: state.ref.id},
        created_at=timezone.now(),
        initiator_id=initiator_id,
        app_id=app_id,
        comment=submission.comment or "",
        schema_token=compiled.token,
        details=[
            {**change.to_json(), "isApprovalRequired": is_marked(compiled, change)}
            for change in changes
        ],
        base=grid_bases(state.details, changes),
        paths=searchable_paths(change.path for change in changes),
    )
    audit_record(
        actor=Actor(app_id=app_id, member_id=initiator_id),
        operation="changeRequestPending",
        object_type="changeRequest",
        object_id=request.pk,
        fields=[change.path for change in changes],
    )
    return request


def _applied(state: TargetState, compiled: CompiledSchema, outcome: Outcome) -> SubmissionResult:
    channels = channel_paths(compiled)
    held = {channels[change.path] for change in outcome.waiting}
    written = set(written_channels(compiled, outcome.written))
    return SubmissionResult(
        change_request_id=None,
        version=state.version + bool(outcome.written),
        pending_channels=frozenset((set(state.pending) - written) | held),
    )
