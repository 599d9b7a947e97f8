"""Approving and rejecting a change request (C4-C6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from changerequests.approval import without_composed
from changerequests.conflicts import Conflict, ConflictAnswer, find_conflicts, resolve
from changerequests.exceptions import (
    ChangeRequestConflict,
    ChangeRequestNotPending,
    OwnChangeRequest,
)
from changerequests.models import ChangeRequest
from changerequests.rendering import conflict_output, conflict_place, current_value
from changerequests.selectors.requests import change_request_get_for_update, request_changes
from changerequests.services.apply import apply_or_wait
from changerequests.services.requests import change_request_end
from config.common.actors import Actor
from config.common.db import atomic
from contacts.exceptions import ContactAnonymized, DetailsInvalid, DetailsNoLongerValid
from contacts.models import ChangeSet
from contacts.selectors.targets import targets_get_for_update
from contacts.services.details import Origin
from contacts.targets import TargetRef, TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, JsonValue, Settlement, fold, normalise, row_path, settle
from crmschema.locks import schema_lock_shared
from crmschema.selectors import compiled_at
from crmschema.validation import DetailError

# Equal to no text, and to no missing value either.
_NEVER_SHOWN: Final = object()


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewer's decision. `conflicts` says which value wins where; `language` is that of the
    values in a conflict's answer, which tells them to a reader only (A1), and of those that the
    answers to conflicts repeat; who is no reader was shown none, and no answer with one counts.
    """

    is_approved: bool
    comment: str | None = None
    conflicts: Sequence[ConflictAnswer] = ()
    language: str = "en"
    is_reader: bool = True


@atomic()
def change_request_review(
    *, actor: Actor, ref: TargetRef, request_id: int, review: Review
) -> ChangeRequest:
    """Approve or reject a pending request of a target that the caller is known to reach.

    Approving checks the base and the schema again and writes the request's own paths only; the
    initiator is compared as a person, without exception (A6). Locks schema (shared), request, then
    target. Raises NotFound, OwnChangeRequest, ChangeRequestNotPending, ChangeRequestConflict,
    ContactAnonymized, BadRequest (an answer without a conflict), DetailsNoLongerValid,
    TooManyKeys, UsernameNotUnique; after any of them the request is as it was.
    """
    schema_lock_shared(ref.schema_id)
    request = change_request_get_for_update(ref=ref, request_id=request_id)
    if actor.member_id is None or request.initiator_id == actor.member_id:
        raise OwnChangeRequest
    if not request.is_pending:
        raise ChangeRequestNotPending(properties={"changeRequestId": request.pk})
    if not review.is_approved:
        change_request_end(actor, request, ChangeRequest.Status.REJECTED, review.comment)
        return request
    _approve(actor, ref, request, review)
    change_request_end(actor, request, ChangeRequest.Status.APPROVED, review.comment)
    return request


def _approve(actor: Actor, ref: TargetRef, request: ChangeRequest, review: Review) -> None:
    state = targets_get_for_update([ref])[ref.id]
    if state.is_anonymised:
        raise ContactAnonymized
    compiled = compiled_at(state.schema)
    changes = _decided_changes(request, state, compiled, review)
    settlement = _settled(state, compiled, changes)
    origin = Origin(
        ChangeSet.Source.CHANGE_REQUEST,
        member_id=request.initiator_id,
        app_id=request.app_id,
        comment=request.comment,
        change_request_id=request.pk,
        reviewer_id=actor.member_id,
    )
    try:
        apply_or_wait(origin=origin, state=state, compiled=compiled, settlement=settlement)
    except DetailsInvalid as error:
        raise DetailsNoLongerValid(properties=error.properties) from None


def _decided_changes(
    request: ChangeRequest, state: TargetState, compiled: CompiledSchema, review: Review
) -> Sequence[Change]:
    changes = request_changes(request)
    conflicts = find_conflicts(state.details, changes, request.base)

    def shown(conflict: Conflict) -> JsonValue:
        if not review.is_reader:
            # Else a reviewer could find out by guessing what it may not read (A1).
            return _NEVER_SHOWN
        return current_value(compiled, conflict, review.language)

    decided = resolve(changes, conflicts, review.conflicts, shown)
    if decided is None:
        raise _conflict(compiled, conflicts, review)
    return decided


def _conflict(
    compiled: CompiledSchema, conflicts: Sequence[Conflict], review: Review
) -> ChangeRequestConflict:
    shown = [
        conflict_output(compiled, conflict, review.language)
        if review.is_reader
        else conflict_place(conflict)
        for conflict in conflicts
    ]
    return ChangeRequestConflict(properties={"conflicts": shown})


def _settled(state: TargetState, compiled: CompiledSchema, changes: Sequence[Change]) -> Settlement:
    """Today's document with the request's changes, as long as nothing else would change with it:
    a value that the reviewer did not see is never removed (C6).
    """
    proposed = normalise(compiled, fold(state.details, changes))
    settlement = settle(
        compiled, stored=state.details, proposed=proposed, for_member=True, is_decided=True
    )
    own = {place for change in changes for place in _own(change)}
    unseen = [
        DetailError(
            change.path,
            "FieldHidden",
            "The approval would remove a value that the request does not show.",
            change.field_path,
            None,
        )
        for change in without_composed(compiled, settlement.changes)
        if _identity(change) not in own
    ]
    errors = [*settlement.errors, *unseen]
    if errors:
        raise DetailsNoLongerValid.of(errors)
    return settlement


def _identity(change: Change) -> tuple[str, str | None]:
    """A place by the row's id where it has one: the index may have moved since."""
    return (change.path if change.row_id is None else change.field_path), change.row_id


def _own(change: Change) -> Iterator[tuple[str, str | None]]:
    """The places that a request's change writes: a row that was gone comes back with its id."""
    yield _identity(change)
    row = row_path(change.path)
    if row is not None and change.row_id is not None:
        yield f"{row.grid}.id", change.row_id
