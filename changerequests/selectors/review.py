"""A change request prepared for a reviewer: its changes in words, beside what has moved (C6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from changerequests.conflicts import Conflict, find_conflicts, grid_requested
from changerequests.models import ChangeRequest
from contacts.channels import waiting_changes
from contacts.targets import TargetRef
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change
from crmschema.presentation import (
    ChangeRow,
    GridChange,
    change_row,
    grid_change,
    value_text,
)
from crmschema.rendering import ordered
from crmschema.selectors import compiled


@dataclass(frozen=True, slots=True)
class ReviewConflict:
    """What a reviewer must choose between at a place: today's value or the requested one."""

    path: str
    row_id: str | None
    current: str | None
    current_digest: str

    @property
    def field_name(self) -> str:
        """The place as a form names it. A path holds no colon, a row id may."""
        return f"{self.row_id or ''}:{self.path}"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line of the comparison."""

    change: ChangeRow
    needs_approval: bool
    conflict: ReviewConflict | None
    # Shown as part of its grid instead of a line of its own.
    is_in_grid: bool = False


@dataclass(frozen=True, slots=True)
class RequestReview:
    """A request's changes in the order of the schema, what has moved first."""

    rows: Sequence[ReviewRow]
    grids: Sequence[GridChange]
    conflict_count: int
    approval_count: int
    # Whether an approval leaves a new email or mobile waiting for its key (V1).
    waits_for_key: bool


def request_review(*, request: ChangeRequest, ref: TargetRef, language: str) -> RequestReview:
    """The comparison of original, target and, where the base has moved, today's value.

    Only a pending request is compared with today. Expects the target to be loaded with the
    request; one statement, two when the schema was not compiled before.
    """
    schema = compiled(ref.schema_key)
    changes = [Change.from_json(stored) for stored in request.details]
    conflicts = _conflicts(request, changes)
    rows = [
        *_conflict_rows(schema, request, conflicts, language),
        *_plain_rows(schema, request, changes, conflicts, language),
    ]
    return RequestReview(
        rows=rows,
        grids=_grids(schema, request, changes, conflicts, language),
        conflict_count=len(conflicts),
        approval_count=sum(bool(stored["isApprovalRequired"]) for stored in request.details),
        waits_for_key=request.contact_id is not None and bool(waiting_changes(schema, changes)),
    )


def _conflicts(request: ChangeRequest, changes: Sequence[Change]) -> list[Conflict]:
    target = request.contact or request.legal_entity
    if not request.is_pending or target is None or target.anonymised_at is not None:
        return []
    return find_conflicts(target.details, changes, request.base)


def _conflict_rows(
    schema: CompiledSchema,
    request: ChangeRequest,
    conflicts: Sequence[Conflict],
    language: str,
) -> list[ReviewRow]:
    rows = []
    for conflict in conflicts:
        shape = Change(
            conflict.path, conflict.original, conflict.target, conflict.row_id, conflict.is_order
        )
        choice = ReviewConflict(
            path=conflict.path,
            row_id=conflict.row_id,
            current=value_text(schema, shape, conflict.current, language),
            current_digest=conflict.current_digest,
        )
        needs_approval = any(_is_marked(request, change) for change in conflict.changes)
        rows.append(ReviewRow(change_row(schema, shape, language), needs_approval, choice))
    return rows


def _plain_rows(
    schema: CompiledSchema,
    request: ChangeRequest,
    changes: Sequence[Change],
    conflicts: Sequence[Conflict],
    language: str,
) -> list[ReviewRow]:
    """The changes that nothing stands against; what a conflict covers is in its own row."""
    covered = {id(change) for conflict in conflicts for change in conflict.changes}
    in_conflict = _grids_in_conflict(changes, conflicts)
    return [
        ReviewRow(
            change_row(schema, change, language),
            _is_marked(request, change),
            None,
            is_in_grid=change.grid in request.base and change.grid not in in_conflict,
        )
        for change in ordered(schema, changes)
        if id(change) not in covered
    ]


def _grids(
    schema: CompiledSchema,
    request: ChangeRequest,
    changes: Sequence[Change],
    conflicts: Sequence[Conflict],
    language: str,
) -> list[GridChange]:
    """The grids that the request changes, row by row; one in conflict is shown place by place."""
    in_conflict = _grids_in_conflict(changes, conflicts)
    return [
        grid_change(schema, path, rows, grid_requested(path, rows, changes), language)
        for path, rows in sorted(request.base.items())
        if path not in in_conflict and any(change.grid == path for change in changes)
    ]


def _grids_in_conflict(changes: Sequence[Change], conflicts: Sequence[Conflict]) -> set[str | None]:
    return {change.grid for conflict in conflicts for change in conflict.changes}


def _is_marked(request: ChangeRequest, change: Change) -> bool:
    """Whether the change needed approval when the request was made (C1)."""
    return any(
        stored["isApprovalRequired"]
        for stored in request.details
        if (stored["path"], stored.get("rowId")) == (change.path, change.row_id)
    )
