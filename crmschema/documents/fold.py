"""Applying changes to a document: how history is read back and how a request is approved."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from crmschema.documents.diff import Change
from crmschema.documents.normalise import is_grid
from crmschema.documents.paths import RowPath, row_path
from crmschema.documents.places import value_at
from crmschema.documents.rows import RowKey, row_id_of, row_keys
from crmschema.documents.values import Document, JsonValue, copy_document


def fold(document: Document, changes: Sequence[Change]) -> Document:
    """A new document: `document` with the targets of `changes` written and nothing else (D11, C6).

    For the changes that `diff` found from this very document the result is exactly the other one.
    On a document that has moved since, rows with ids are found by their id wherever they stand;
    a row that is gone comes back with its id and what the changes hold of it. Containers and rows
    that end up empty are dropped.
    """
    return fold_all(document, [changes])


def fold_all(document: Document, steps: Iterable[Sequence[Change]]) -> Document:
    """A new document: `document` with one step after the other folded in. Copies it once, however
    many steps there are, and holds one step at a time.
    """
    result = copy_document(document)
    for changes in steps:
        _fold_into(result, changes)
    return result


def inverted(changes: Sequence[Change]) -> list[Change]:
    """The changes that lead back: for those that `diff` found from one document to another, folding
    them into the other gives the one exactly (D11).

    Paths show indexes of the other document, which is right for `fold`: only rows that come back
    need one, and theirs is the index in the original already.
    """
    # Last first: a leaf that took the place of a container goes before the container comes back.
    return [
        replace(change, original=change.target, target=change.original)
        for change in reversed(changes)
    ]


def _fold_into(result: Document, changes: Sequence[Change]) -> None:
    by_grid: dict[str, _GridChanges] = {}
    for change in changes:
        row = row_path(change.path)
        if change.is_order:
            by_grid.setdefault(change.path, _GridChanges()).order = change.target
        elif row is None:
            _write(result, change.path.split("."), change.target)
        else:
            by_grid.setdefault(row.grid, _GridChanges()).add(row, change)
    for path, grid_changes in by_grid.items():
        stored = value_at(result, path)
        if stored is None or is_grid(stored):
            _write(result, path.split("."), grid_changes.apply_to(stored or []) or None)
        # Anything else is what a later schema has put in the grid's place: its rows are gone.


def _write(node: Document, keys: list[str], value: JsonValue) -> None:
    """Set or remove a value, making containers on the way and dropping those left empty."""
    key, rest = keys[0], keys[1:]
    if not rest:
        if value is None:
            node.pop(key, None)
        else:
            node[key] = value
        return
    child = node.get(key)
    if not isinstance(child, dict):
        if value is None:
            return
        child = node[key] = {}
    _write(child, rest, value)
    if not child:
        del node[key]


class _GridChanges:
    """The changes of one grid, gathered by row."""

    def __init__(self) -> None:
        self.order: list[str] | None = None
        self._by_row: dict[RowKey, list[tuple[RowPath, Change]]] = {}

    def add(self, row: RowPath, change: Change) -> None:
        position = row.position if change.row_id is None else None
        self._by_row.setdefault(RowKey(change.row_id, position), []).append((row, change))

    def apply_to(self, rows: list[Document]) -> list[Document]:
        """The rows with the changes written, each at its place."""
        before = dict(zip(row_keys(rows), rows, strict=True))
        after: dict[RowKey, Document] = {}
        for key in [*before, *(key for key in self._by_row if key not in before)]:
            row = self._changed(key, before.get(key, {}))
            if row:
                after[key] = row
        return self._arranged(before, after)

    def _changed(self, key: RowKey, row: Document) -> Document:
        is_gone = not row
        for path, change in self._by_row.get(key, ()):
            _write(row, path.leaf.split("."), change.target)
        # What a row that is gone gets back belongs to that row, not to one without an id.
        return {"id": key.row_id, **row} if row and key.row_id is not None and is_gone else row

    def _arranged(
        self, before: dict[RowKey, Document], after: dict[RowKey, Document]
    ) -> list[Document]:
        """New rows and rows without ids have their index; the others fill the gaps in order."""
        free = [row for key, row in after.items() if key.row_id is not None and key in before]
        if self.order is not None:
            free.sort(key=_rank(self.order))
        placed: dict[int, Document] = {}
        for key, row in after.items():
            if key.row_id is None or key not in before:
                index = self._index(key)
                while index in placed:
                    index += 1
                placed[index] = row
        return _filled(placed, iter(free), len(after))

    def _index(self, key: RowKey) -> int:
        if key.position is not None:
            return key.position
        return self._by_row[key][0][0].position


def _filled(placed: dict[int, Document], free: Iterable[Document], count: int) -> list[Document]:
    """`count` rows: the placed ones at their index, or as near as there are rows before them."""
    rows: list[Document] = []
    waiting = iter(free)
    for index in range(count):
        row = placed.pop(index, None) or next(waiting, None)
        if row is not None:
            rows.append(row)
    rows.extend(waiting)
    rows.extend(placed[index] for index in sorted(placed))
    return rows


def _rank(order: list[str]) -> Any:  # Any: a sort key function
    """Rows by their place in `order`; rows that it does not name keep their place at the end."""
    places = {row_id: place for place, row_id in enumerate(order)}
    return lambda row: places.get(row_id_of(row) or "", len(places))
