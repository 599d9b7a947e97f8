"""Which values of a document a condition hides (D6)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from crmschema.compiler.model import CompiledSchema, Field


class HiddenLeaf(NamedTuple):
    """A field that its condition hides; `row` is the grid row's index, None outside grids."""

    field: Field
    row: int | None


def hidden_leaves(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
) -> list[HiddenLeaf]:
    """Every (field, row) that a condition hides in `document`."""
    raise NotImplementedError
