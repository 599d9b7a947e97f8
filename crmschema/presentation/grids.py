"""A grid before and after a change, row by row: what came, what went, what moved (D4). Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

import orjson

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.documents import JsonValue, value_at
from crmschema.documents.rows import row_id_of
from crmschema.presentation.values import shown


class RowMark(StrEnum):
    """What happened to a row. A row that moved may have changed as well."""

    SAME = "same"
    CHANGED = "changed"
    INSERTED = "inserted"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the rows."""

    label: str
    is_approval_required: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A value before and after, as people read it; None is missing."""

    column: Column
    before: str | None
    after: str | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with its numbers from 1: of a row that came or went one of them is None."""

    mark: RowMark
    before: int | None
    after: int | None
    row_id: str | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class GridChange:
    """A grid as a change leaves it, with the rows that it takes away at the place they had."""

    path: str
    label: str
    columns: Sequence[Column]
    rows: Sequence[GridRow]


def grid_change(
    compiled: CompiledSchema,
    path: str,
    before: Sequence[Any],  # Any: JSON objects
    after: Sequence[Any],  # Any: JSON objects
    language: str,
) -> GridChange:
    """The change of a grid from `before` to `after`. Rows with ids are told by them. Of rows
    without ids equal ones belong together, and what lies between is compared place by place: a row
    in the middle comes or goes without the others being said to change.
    """
    pairs = _pairs(before, after)
    moved = _moved(pairs)
    fields = [field for field in compiled.fields if field.grid == path]
    columns = [
        (field, Column(field.label.in_language(language), field.is_approval_required))
        for field in fields
        if _is_used(field, path, [*before, *after])
    ]
    rows = [
        _row(compiled, path, columns, before, after, pair, pair in moved, language)
        for pair in pairs
    ]
    grid = compiled.grids.get(path)
    return GridChange(
        path=path,
        label=grid.label.in_language(language) if grid is not None else path.rpartition(".")[2],
        columns=[column for _, column in columns],
        rows=rows,
    )


_Pair = tuple[int | None, int | None]


def _pairs(before: Sequence[Any], after: Sequence[Any]) -> list[_Pair]:  # Any: JSON objects
    """The rows that belong together, by their places, in the order of `after`; what is gone stands
    behind the row that it followed.
    """
    partner = dict(_by_id(before, after)) | dict(_by_content(before, after))
    of_after = {new: old for old, new in partner.items()}
    pairs: list[_Pair] = [(of_after.get(new), new) for new in range(len(after))]
    for old in range(len(before)):
        if old not in partner:
            pairs.insert(_place_of_gone(pairs, old), (old, None))
    return pairs


def _place_of_gone(pairs: Sequence[_Pair], old: int) -> int:
    places = [place for place, (before, _) in enumerate(pairs) if before == old - 1]
    return places[0] + 1 if places else 0


def _by_id(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int]]:  # Any: JSON
    places = {row_id_of(row): place for place, row in enumerate(before) if row_id_of(row)}
    for new, row in enumerate(after):
        old = places.pop(row_id_of(row), None)
        if old is not None:
            yield old, new


def _by_content(
    before: Sequence[Any],
    after: Sequence[Any],  # Any: JSON
) -> Iterator[tuple[int, int]]:
    old_places = [place for place, row in enumerate(before) if row_id_of(row) is None]
    new_places = [place for place, row in enumerate(after) if row_id_of(row) is None]
    matcher = SequenceMatcher(
        None,
        [_text(before[place]) for place in old_places],
        [_text(after[place]) for place in new_places],
        autojunk=False,
    )
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind in ("equal", "replace"):
            yield from zip(old_places[old_from:old_to], new_places[new_from:new_to], strict=False)


def _moved(pairs: Sequence[_Pair]) -> set[_Pair]:
    """The rows that left the order in which the others stay: as few as can be said to have moved,
    those outside of a longest rising sequence of the old places.
    """
    staying = [(old, new) for old, new in pairs if old is not None and new is not None]
    ends: list[int] = []  # the smallest old place that ends a sequence of each length
    lengths = []
    for old, _ in staying:
        length = bisect_left(ends, old)
        ends[length : length + 1] = [old]
        lengths.append(length)
    moved: set[_Pair] = set()
    wanted = len(ends) - 1
    for pair, length in zip(reversed(staying), reversed(lengths), strict=True):
        if length == wanted:
            wanted -= 1
        else:
            moved.add(pair)
    return moved


def _row(
    compiled: CompiledSchema,
    grid: str,
    columns: Sequence[tuple[Field, Column]],
    before: Sequence[Any],  # Any: JSON objects
    after: Sequence[Any],  # Any: JSON objects
    pair: _Pair,
    is_moved: bool,
    language: str,
) -> GridRow:
    old, new = pair
    was = before[old] if old is not None else {}
    is_now = after[new] if new is not None else {}
    cells = [
        Cell(
            column,
            shown(compiled, field, _value(was, grid, field), language),
            shown(compiled, field, _value(is_now, grid, field), language),
        )
        for field, column in columns
    ]
    return GridRow(
        mark=_mark(pair, is_moved, was, is_now),
        before=None if old is None else old + 1,
        after=None if new is None else new + 1,
        row_id=row_id_of(is_now) or row_id_of(was),
        cells=cells,
    )


def _mark(pair: _Pair, is_moved: bool, was: JsonValue, is_now: JsonValue) -> RowMark:
    if pair[0] is None:
        return RowMark.INSERTED
    if pair[1] is None:
        return RowMark.REMOVED
    if is_moved:
        return RowMark.MOVED
    return RowMark.SAME if was == is_now else RowMark.CHANGED


def _is_used(field: Field, grid: str, rows: Sequence[Any]) -> bool:  # Any: JSON objects
    return any(_value(row, grid, field) is not None for row in rows)


def _value(row: JsonValue, grid: str, field: Field) -> JsonValue:
    return value_at(row, field.path.removeprefix(f"{grid}.")) if isinstance(row, dict) else None


def _text(row: Any) -> bytes:  # Any: a JSON value
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
