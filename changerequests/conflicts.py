"""What has moved under a pending request, and how a reviewer settles it (C6). Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

import orjson

from config.common.exceptions import BadRequest, FieldError, fields_error
from crmschema.documents import (
    Change,
    Document,
    JsonValue,
    diff,
    fold,
    has_rows_without_id,
    leaves,
    row_path,
    same,
    value_at,
)


class Take(StrEnum):
    """Which value wins a conflict: the request's, or today's."""

    TARGET = "Target"
    CURRENT = "Current"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place whose value is no longer what the request was based on. `change` says what to write
    there if the request wins. For a grid with rows without ids the place is the whole grid, and
    `changes` are all that the request does in it.
    """

    path: str
    row_id: str | None
    original: JsonValue
    current: JsonValue
    target: JsonValue
    changes: tuple[Change, ...]
    is_order: bool = False
    is_grid: bool = False

    @property
    def current_digest(self) -> str:
        """What tells today's value from another one; a form carries it instead of the value."""
        return sha256(orjson.dumps(self.current, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


class Shown(NamedTuple):
    """Today's value as a reviewer read it; None where there is none."""

    text: str | None


@dataclass(frozen=True, slots=True)
class ConflictAnswer:
    """A reviewer's answer to a conflict. `row_id` tells two conflicts at one path apart: a removed
    row shows its old index, another row may have that index now. With `seen`, the digest of today's
    value, or `shown`, its text, the answer counts only as long as the reviewer would see the same.
    """

    path: str
    take: Take
    row_id: str | None = None
    seen: str | None = None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The identity of a leaf: by the row's id where it has one, else by its path."""

    path: str
    row_id: str | None


def find_conflicts(current: Document, changes: Sequence[Change], base: Document) -> list[Conflict]:
    """The conflicts of a request's changes with the document as it is now.

    A leaf conflicts when its value is not the original any more, or when its row by id is gone; a
    row that comes or goes with the request also when it holds values that the request did not
    see. A grid of `base` that has rows without ids, then, as requested or now, is compared as a
    whole: there a row is told by its position among all others.
    """
    grids = {path: _grid_conflict(path, rows, current, changes) for path, rows in base.items()}
    whole = {path: grid for path, grid in grids.items() if _has_position(grid)}
    conflicts = [grid for grid in whole.values() if not same(grid.current, grid.original)]
    single = [change for change in changes if change.grid not in whole]
    now = {_identity(leaf): leaf.target for leaf in leaves(current)}
    gone = _rows(single) - _rows(leaves(current)) - _rows(filter(_is_row_id, single))
    for change in single:
        value = _ids_at(current, change.path) if change.is_order else now.get(_identity(change))
        if not same(value, change.original) or _row_of(change.path, change.row_id) in gone:
            conflicts.append(_leaf_conflict(change, value))
    conflicts.extend(_unseen_values(current, single))
    return conflicts


def resolve(
    changes: Sequence[Change],
    conflicts: Sequence[Conflict],
    answers: Iterable[ConflictAnswer],
    show: Callable[[Conflict], JsonValue] = lambda conflict: conflict.current,
) -> list[Change] | None:
    """The changes to write when a reviewer has answered the conflicts; None when one is left open,
    or was answered by somebody who saw another value of today, as `show` gives it. A row that the
    request removes, but that keeps one value, is kept whole. Raises BadRequest for an answer that
    names no conflict, one that is answered already, or more than one.
    """
    takes = _takes(conflicts, answers, show)
    if len(takes) < len(conflicts):
        return None
    settled = {id(change) for conflict in conflicts for change in conflict.changes}
    staying = {
        _row_of(conflict.path, conflict.row_id)
        for conflict in conflicts
        if takes[id(conflict)] is Take.CURRENT and conflict.current is not None
    }
    removed = _rows(change for change in changes if _is_row_id(change) and change.target is None)
    kept_whole = staying & removed
    kept = [
        change
        for change in changes
        if id(change) not in settled and _row_of(change.path, change.row_id) not in kept_whole
    ]
    for conflict in conflicts:
        if takes[id(conflict)] is Take.TARGET:
            kept.extend(_winning(conflict))
    return kept


def _takes(
    conflicts: Sequence[Conflict],
    answers: Iterable[ConflictAnswer],
    show: Callable[[Conflict], JsonValue],
) -> dict[int, Take]:
    """What was answered, by the identity of the conflict; without answers to what nobody saw."""
    takes: dict[int, Take] = {}
    answered: set[int] = set()
    by_path: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        by_path[conflict.path].append(conflict)
    for position, answer in enumerate(answers):
        there = by_path.get(answer.path, ())
        meant = [each for each in there if answer.row_id in (None, each.row_id)]
        if not meant:
            raise _wrong(position, "path", "NoConflict", "There is no conflict here.")
        if len(meant) > 1:
            text = "There are two conflicts here; add the rowId."
            raise _wrong(position, "rowId", "Required", text)
        if id(meant[0]) in answered:
            raise _wrong(position, "path", "AnsweredTwice", "The conflict is answered already.")
        answered.add(id(meant[0]))
        is_read = answer.shown is None or answer.shown.text == show(meant[0])
        if is_read and answer.seen in (None, meant[0].current_digest):
            takes[id(meant[0])] = answer.take
    return takes


def _wrong(position: int, member: str, code: str, message: str) -> BadRequest:
    return fields_error(FieldError(f"conflicts[{position}].{member}", code, message))


def _winning(conflict: Conflict) -> Sequence[Change]:
    """What the request writes at a conflict that it wins: in a grid without ids, all that leads
    from today's rows to the rows that it asked for.
    """
    if not conflict.is_grid:
        return conflict.changes
    before, after = _grid(conflict.path, conflict.current), _grid(conflict.path, conflict.target)
    return diff(before, after)


def _grid_conflict(
    path: str, rows: list[JsonValue], current: Document, changes: Sequence[Change]
) -> Conflict:
    """A grid as a whole: as it was, as it is, and as the request would have it."""
    own = tuple(change for change in changes if change.grid == path)
    target = grid_requested(path, rows, own) or None
    return Conflict(path, None, rows or None, value_at(current, path), target, own, is_grid=True)


def grid_requested(path: str, rows: list[JsonValue], changes: Sequence[Change]) -> list[JsonValue]:
    """The rows of a grid as a request would have them; `rows` are those that it is based on."""
    own = [change for change in changes if change.grid == path]
    return value_at(fold(_grid(path, rows), own), path) or []


def _has_position(grid: Conflict) -> bool:
    """Whether position tells some row of the grid apart, at any of the three times."""
    three = (grid.original, grid.current, grid.target)
    return any(has_rows_without_id(rows) for rows in three if isinstance(rows, list))


def _leaf_conflict(change: Change, current: JsonValue) -> Conflict:
    return Conflict(
        change.path,
        change.row_id,
        change.original,
        current,
        change.target,
        (change,),
        change.is_order,
    )


def _unseen_values(current: Document, changes: Sequence[Change]) -> Iterator[Conflict]:
    """Values in rows that the request removes or adds as a whole, which it knows nothing of."""
    whole = _rows(filter(_is_row_id, changes))
    seen = {_identity(change) for change in changes}
    for leaf in leaves(current):
        if _row_of(leaf.path, leaf.row_id) not in whole or _identity(leaf) in seen:
            continue
        removal = Change(leaf.path, leaf.target, None, leaf.row_id)
        yield Conflict(leaf.path, leaf.row_id, None, leaf.target, None, (removal,))


def _is_row_id(change: Change) -> bool:
    """Whether a row by id comes or goes with the change."""
    row = row_path(change.path)
    return row is not None and row.leaf == "id" and change.row_id is not None


def _rows(changes: Iterable[Change]) -> set[tuple[str, str]]:
    """The rows by id that the changes are in."""
    rows = {_row_of(change.path, change.row_id) for change in changes}
    return {row for row in rows if row is not None}


def _row_of(path: str, row_id: str | None) -> tuple[str, str] | None:
    """A row by grid and id; None outside of grids and for rows without one."""
    row = row_path(path)
    return None if row is None or row_id is None else (row.grid, row_id)


def _identity(change: Change) -> _Leaf:
    return _Leaf(change.path if change.row_id is None else change.field_path, change.row_id)


def _ids_at(document: Document, path: str) -> list[str] | None:
    rows = value_at(document, path)
    if not isinstance(rows, list):
        return None
    return [row["id"] for row in rows if isinstance(row, dict) and "id" in row]


def _grid(path: str, rows: JsonValue) -> Document:
    """A document that holds nothing but this grid."""
    document: Document = {}
    node = document
    *containers, key = path.split(".")
    for container in containers:
        node = node.setdefault(container, {})
    if rows:
        node[key] = rows
    return document
