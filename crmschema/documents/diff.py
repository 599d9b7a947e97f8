"""What changed from one document to another, leaf by leaf (D3, D4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmschema.documents.normalise import is_grid
from crmschema.documents.paths import index_free, row_path
from crmschema.documents.rows import RowKey, row_keys
from crmschema.documents.values import Document, JsonValue, same


@dataclass(frozen=True, slots=True)
class Change:
    """One changed leaf; None is missing. `path` shows the row's index in the resulting document,
    for a removed row the one in the original; `row_id` is the row's id, if it has one.

    With `is_order` it is a changed order of rows with ids: the path is the grid's own, the values
    are the ids in order.
    """

    path: str
    original: JsonValue
    target: JsonValue
    row_id: str | None = None
    is_order: bool = False

    @property
    def field_path(self) -> str:
        """The path without indexes: the name of the field, or of the grid for an order."""
        return index_free(self.path)

    @property
    def grid(self) -> str | None:
        """The path of the grid whose row, or whose order, changes; None outside of grids."""
        row = row_path(self.path)
        if row is not None:
            return row.grid
        return self.path if self.is_order else None

    def to_json(self) -> dict[str, Any]:  # Any: JSON values
        """The stored form: what is missing or false is left out."""
        stored: dict[str, Any] = {"path": self.path}
        if self.row_id is not None:
            stored["rowId"] = self.row_id
        if self.original is not None:
            stored["original"] = self.original
        if self.target is not None:
            stored["target"] = self.target
        if self.is_order:
            stored["isOrder"] = True
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Change":  # Any: JSON values
        """The change of its stored form; members that belong to others are passed over."""
        return cls(
            path=stored["path"],
            original=stored.get("original"),
            target=stored.get("target"),
            row_id=stored.get("rowId"),
            is_order=stored.get("isOrder", False),
        )


def diff(before: Document, after: Document) -> list[Change]:
    """The changed leaves from `before` to `after`, both in normal form. Folding them into `before`
    gives `after` exactly (D11). It looks at the documents' own structure, so that it holds across
    schema versions too: an array of objects is a grid, any other array is one leaf.
    """
    return list(_members(before, after, "", None))


def leaves(document: Document) -> list[Change]:
    """The leaves of a document as the changes that create it."""
    return diff({}, document)


_LEAF, _OBJECT, _GRID = range(3)


def _kind(value: JsonValue, row: RowKey | None) -> int:
    if isinstance(value, dict):
        return _OBJECT
    # Grids do not nest: an array of objects inside a row is one opaque leaf.
    return _GRID if row is None and is_grid(value) else _LEAF


def _members(
    before: Document, after: Document, prefix: str, row: RowKey | None
) -> Iterator[Change]:
    for key, value in after.items():
        old = before.get(key)
        if old is not value:
            yield from _value(old, value, prefix + key, row)
    for key, value in before.items():
        if key not in after:
            yield from _value(value, None, prefix + key, row)


def _value(before: JsonValue, after: JsonValue, path: str, row: RowKey | None) -> Iterator[Change]:
    kind = _kind(before if after is None else after, row)
    if before is not None and after is not None and kind != _kind(before, row):
        yield from _value(before, None, path, row)
        yield from _value(None, after, path, row)
    elif kind == _OBJECT:
        yield from _members(before or {}, after or {}, f"{path}.", row)
    elif kind == _GRID:
        yield from _grid(before or [], after or [], path)
    elif not same(before, after):
        yield Change(path, before, after, row.row_id if row else None)


def _grid(before: list[Document], after: list[Document], path: str) -> Iterator[Change]:
    before_keys, after_keys = row_keys(before), row_keys(after)
    before_rows = dict(zip(before_keys, before, strict=True))
    yield from _order(before_keys, after_keys, path)
    for index, (key, row) in enumerate(zip(after_keys, after, strict=True)):
        yield from _members(before_rows.get(key, {}), row, f"{path}[{index}].", key)
    kept = set(after_keys)
    for index, (key, row) in enumerate(zip(before_keys, before, strict=True)):
        if key not in kept:
            yield from _members(row, {}, f"{path}[{index}].", key)


def _order(before: list[RowKey], after: list[RowKey], path: str) -> Iterator[Change]:
    """A change on the grid's own path where rows that stay stand in another order than before."""
    kept = set(before) & set(after)
    if _ids(key for key in before if key in kept) != _ids(key for key in after if key in kept):
        yield Change(path, _ids(before), _ids(after), is_order=True)


def _ids(keys: Iterable[RowKey]) -> list[str]:
    return [key.row_id for key in keys if key.row_id is not None]
