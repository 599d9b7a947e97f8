"""A change request prepared for a reviewer: its changes in words, beside what has moved (C6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from changerequests.conflicts import Conflict, find_conflicts, grid_requested
from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import LEGAL_ENTITY_SCHEMA
from changerequests.selectors.requests import request_changes
from contacts.channels import waiting_changes
from contacts.models import ContactType
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, JsonValue, value_at
from crmschema.presentation import (
    ChangeRow,
    GridChange,
    change_row,
    grid_change,
    shown_rows,
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

    @property
    def conflicts(self) -> Sequence[ReviewConflict]:
        """What a reviewer must choose between."""
        return [row.conflict for row in self.rows if row.conflict is not None]

    @property
    def conflicts_digest(self) -> str:
        """What tells these conflicts, and today's values in them, from others."""
        each = [f"{conflict.field_name}={conflict.current_digest}" for conflict in self.conflicts]
        return sha256("\n".join(each).encode()).hexdigest()

    @property
    def plain_rows(self) -> Sequence[ReviewRow]:
        """The lines that are no part of a grid's table."""
        return [row for row in self.rows if not row.is_in_grid]


def request_schemas(requests: Iterable[ChangeRequest]) -> Mapping[int, CompiledSchema]:
    """The schema that each request's target follows, by the request's id. One statement, and one or
    two for each schema, however many requests there are. Expects their targets to be loaded.
    """
    keys = dict(ContactType.objects.values_list("pk", "schema__key"))
    schemas: dict[str, CompiledSchema] = {}
    found = {}
    for request in requests:
        contact = request.contact
        key = LEGAL_ENTITY_SCHEMA if contact is None else keys[contact.contact_type_id]
        if key not in schemas:
            schemas[key] = compiled(key)
        found[request.pk] = schemas[key]
    return found


def request_review(
    *, request: ChangeRequest, schema: CompiledSchema, language: str
) -> RequestReview:
    """The comparison of original, target and, where the base has moved, today's value.

    Only a pending request is compared with today. Expects the target to be loaded with the
    request; no statement.
    """
    changes = request_changes(request)
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


def asked_fields(request: ChangeRequest, schema: CompiledSchema, language: str) -> list[str]:
    """What a request changes, by the labels of fields and grids, each once; what needs approval
    comes first. No statement.
    """
    changes = ordered(schema, request_changes(request))
    marked = _marked(request)
    marked_first = sorted(changes, key=lambda change: (change.path, change.row_id) not in marked)
    rows = [change_row(schema, change, language) for change in marked_first]
    labels = [row.place.label if row.place.row is None else row.place.section for row in rows]
    return list(dict.fromkeys(labels))


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
    marked = _marked(request)
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
        row = change_row(schema, shape, language)
        if conflict.is_order:
            row, choice = _with_rows(schema, request, conflict, row, choice, language)
        needs_approval = any((change.path, change.row_id) in marked for change in conflict.changes)
        rows.append(ReviewRow(row, needs_approval, choice))
    return rows


def _with_rows(
    schema: CompiledSchema,
    request: ChangeRequest,
    conflict: Conflict,
    row: ChangeRow,
    choice: ReviewConflict,
    language: str,
) -> tuple[ChangeRow, ReviewConflict]:
    """An order of rows told by the rows themselves: their ids mean nothing to people."""
    target = request.contact or request.legal_entity
    base = request.base.get(conflict.path) or []
    changes = request_changes(request)
    known = [
        *grid_requested(conflict.path, base, changes),
        *(value_at(target.details, conflict.path) or [] if target else []),
        *base,
    ]
    by_id = {
        each["id"]: {key: value for key, value in each.items() if key != "id"} or each["id"]
        for each in known
        if "id" in each
    }

    def shown(ids: JsonValue) -> str | None:
        return shown_rows(
            schema, conflict.path, [by_id.get(each, {}) for each in ids or ()], language
        )

    row = replace(row, original=shown(conflict.original), target=shown(conflict.target))
    return row, replace(choice, current=shown(conflict.current))


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
    marked = _marked(request)
    return [
        ReviewRow(
            change_row(schema, change, language),
            (change.path, change.row_id) in marked,
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


def _marked(request: ChangeRequest) -> set[tuple[str, str | None]]:
    """The places of the changes that needed approval when the request was made (C1)."""
    return {
        (stored["path"], stored.get("rowId"))
        for stored in request.details
        if stored["isApprovalRequired"]
    }
