"""Which values of a document a condition hides (D6).

A field is visible when all its conditions hold, its own and those of its ancestors. A controlling
field that is hidden itself counts as having no value, so conditions are evaluated in dependency
order. The derived JSON Schema requires exactly what is visible here.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from crmschema.compiler.model import CompiledSchema, Field, GridNode
from crmschema.compiler.visibility import Comparison, GridPlan, Step

# Members of an enum are looked up slowly.
_TEXT: Final = Comparison.TEXT
_TRUE: Final = Comparison.TRUE
_NOT_TRUE: Final = Comparison.NOT_TRUE
_CONTAINS: Final = Comparison.CONTAINS


class HiddenLeaf(NamedTuple):
    """A field that its condition hides; `row` is the grid row's index, None outside grids."""

    field: Field
    row: int | None


def hidden_leaves(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
) -> list[HiddenLeaf]:
    """Every (field, row) that a condition hides in `document`, whether it has a value or not.

    In dependency order, grids after the rest, row by row. Fields hidden by `hidden: true` are not
    meant. Total: values of a wrong type count as not equal, an absent grid has no rows.
    """
    plan, conditional = compiled.visibility, compiled.conditional
    if not conditional:
        return []
    holding = _holding(plan.steps, document, 0)
    hidden = [
        HiddenLeaf(conditional[position], None)
        for position, needs in plan.dependents
        if holding & needs != needs
    ]
    for grid in plan.grids:
        for row, value in enumerate(_rows(grid, document)):
            in_row = _holding(grid.steps, value, holding)
            hidden += [
                HiddenLeaf(conditional[position], row)
                for position, needs in grid.dependents
                if in_row & needs != needs
            ]
    return hidden


def hidden_grids(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
) -> list[GridNode]:
    """The grids that a condition hides as a whole, row ids included (D6)."""
    plan = compiled.visibility
    if not plan.hideable_grids:
        return []
    holding = _holding(plan.steps, document, 0)
    return [compiled.grids[path] for path, needs in plan.hideable_grids if holding & needs != needs]


def _holding(steps: tuple[Step, ...], level: Any, holding: int) -> int:  # Any: a JSON value
    """The conditions that hold: those of `holding` and those of `steps`, as a mask."""
    for bit, containers, key, comparison, expected, show, needs in steps:
        is_visible = holding & needs == needs
        value = _value(level, containers, key) if is_visible else None
        if (is_visible and _is_equal(comparison, value, expected)) is show:
            holding |= bit
    return holding


def _value(level: Any, containers: tuple[str, ...], key: str) -> Any:  # Any: JSON values
    for container in containers:
        level = level.get(container) if isinstance(level, dict) else None
    return level.get(key) if isinstance(level, dict) else None


def _is_equal(
    comparison: Comparison,
    value: Any,  # Any: a JSON value
    expected: str | int | float | bool,
) -> bool:
    if comparison is _TEXT:
        return bool(value == expected)
    if comparison is _TRUE:
        return value is True
    if comparison is _NOT_TRUE:
        return value is not True
    if comparison is _CONTAINS:
        return isinstance(value, list) and expected in value
    return not isinstance(value, bool) and bool(value == expected)


def _rows(grid: GridPlan, document: Mapping[str, Any]) -> list[Any]:  # Any: JSON values
    rows = _value(document, grid.containers, grid.key)
    return rows if isinstance(rows, list) else []
