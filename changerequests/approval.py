"""Which changes need a second person (C1). Pure."""

from collections.abc import Sequence

from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, Document, has_rows_without_id, row_path, value_at


def without_composed(compiled: CompiledSchema, changes: Sequence[Change]) -> list[Change]:
    """The changes that a request stores: the composed name follows from the others (D12)."""
    name = compiled.composed_name
    return [change for change in changes if name is None or change.path != name.path]


def grid_bases(stored: Document, proposed: Document, changes: Sequence[Change]) -> Document:
    """The whole of each changed grid that has rows without ids, by its path: there position tells
    rows apart, so that all rows are what the change is based on (C6). An absent grid is empty.
    """
    bases: Document = {}
    for change in changes:
        row = row_path(change.path)
        grid = change.path if change.is_order else row and row.grid
        if grid is None or grid in bases:
            continue
        before = value_at(stored, grid) or []
        after = value_at(proposed, grid) or []
        if has_rows_without_id(before) or has_rows_without_id(after):
            bases[grid] = before
    return bases
