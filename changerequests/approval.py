"""Which changes need a second person (C1). Pure."""

from collections.abc import Sequence

from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, Document, value_at


def without_composed(compiled: CompiledSchema, changes: Sequence[Change]) -> list[Change]:
    """The changes that a request stores: the composed name follows from the others (D12)."""
    name = compiled.composed_name
    return [change for change in changes if name is None or change.path != name.path]


def grid_bases(stored: Document, changes: Sequence[Change]) -> Document:
    """The whole of each changed grid as it was, by its path (C6); an absent grid is empty. Where
    position tells rows apart, then or at the approval, all rows are what the change is based on.
    """
    grids = {change.grid for change in changes}
    return {grid: value_at(stored, grid) or [] for grid in grids if grid is not None}
