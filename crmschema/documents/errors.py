"""Which errors of a document a submission answers for (S4)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crmschema.documents.diff import Change
from crmschema.documents.normalise import is_grid
from crmschema.documents.paths import row_path
from crmschema.documents.places import value_at
from crmschema.documents.rows import RowKey, row_keys
from crmschema.documents.values import Document
from crmschema.validation import DetailError


class _Spot(NamedTuple):
    """A place by the name of its field and its row (by id, else position), None outside of grids.

    Indexes would not do: those of a removed row are another row's by now.
    """

    field_path: str
    row: RowKey | None


class _Spots:
    """The spots of errors in one document; the keys of a grid's rows are made once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._keys: dict[str, list[RowKey]] = {}

    def of(self, error: DetailError) -> _Spot:
        if error.row is None:
            return _Spot(error.field_path, None)
        grid = error.path.partition("[")[0]
        if grid not in self._keys:
            rows = value_at(self._document, grid)
            self._keys[grid] = row_keys(rows) if isinstance(rows, list) else []
        keys = self._keys[grid]
        return _Spot(error.field_path, keys[error.row] if error.row < len(keys) else None)


def unexcused(
    found: Iterable[DetailError],
    before: Iterable[DetailError],
    *,
    document: Document,
    stored: Document,
    changes: Sequence[Change],
) -> Iterator[DetailError]:
    """The errors of `found`, but for those that the stored document has already and that stand
    where this submission writes nothing: old data never blocks the change of another field (S4).
    """
    spot_before, spot_after = _Spots(stored), _Spots(document)
    known = {(spot_before.of(error), error.code) for error in before}
    # A new order of rows writes none of their values.
    written = [_written(change) for change in changes if not change.is_order]
    for error in found:
        spot = spot_after.of(error)
        if (spot, error.code) not in known or _is_written(spot, written, document, stored):
            yield error


def _is_written(
    spot: _Spot, written: Iterable[_Spot], document: Document, stored: Document
) -> bool:
    """Whether the submission writes the place. A grid as a whole is written when rows come or go
    or change their places, not when a value in one of them does.
    """
    before, after = value_at(stored, spot.field_path), value_at(document, spot.field_path)
    if spot.row is None and is_grid(before) and is_grid(after):
        return row_keys(before) != row_keys(after)
    return any(_touches(each, spot) for each in written)


def _written(change: Change) -> _Spot:
    row = row_path(change.path)
    if row is None:
        return _Spot(change.path, None)
    position = row.position if change.row_id is None else None
    return _Spot(change.field_path, RowKey(change.row_id, position))


def _touches(written: _Spot, spot: _Spot) -> bool:
    """Whether one of the two places is, or holds, the other."""
    if None not in (written.row, spot.row) and written.row != spot.row:
        return False
    first, second = written.field_path, spot.field_path
    return first == second or first.startswith(f"{second}.") or second.startswith(f"{first}.")
