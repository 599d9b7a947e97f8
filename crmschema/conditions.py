"""Which values of a document a condition hides (D6).

A field is visible when all its conditions hold, its own and those of its ancestors. A controlling
field that is hidden itself counts as having no value, so conditions are evaluated in dependency
order. The derived JSON Schema requires exactly what is visible here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from crmschema.compiler.model import CompiledSchema, Field, GridNode
from crmschema.compiler.visibility import Comparison, GridPlan, Step


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
    plan = compiled.visibility
    if not plan.size:
        return []
    conditional = compiled.conditional
    holds = [False] * plan.size
    _evaluate(plan.steps, document, holds)
    hidden = [
        HiddenLeaf(conditional[dependent.index], None)
        for dependent in plan.dependents
        if not _all_hold(dependent.needs, holds)
    ]
    for grid in plan.grids:
        for row, value in enumerate(_rows(grid, document)):
            _evaluate(grid.steps, value, holds)
            hidden += [
                HiddenLeaf(conditional[dependent.index], row)
                for dependent in grid.dependents
                if not _all_hold(dependent.needs, holds)
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
    holds = [False] * plan.size
    _evaluate(plan.steps, document, holds)
    return [
        compiled.grids[path] for path, needs in plan.hideable_grids if not _all_hold(needs, holds)
    ]


def _all_hold(needs: tuple[int, ...], holds: list[bool]) -> bool:
    for number in needs:
        if not holds[number]:
            return False
    return True


def _evaluate(
    steps: Sequence[tuple[int, Step]],
    level: Any,  # Any: a JSON value
    holds: list[bool],
) -> None:
    for number, step in steps:
        is_equal = _all_hold(step.needs, holds) and _is_equal(step, _value(level, step))
        holds[number] = is_equal is step.show


def _value(level: Any, step: Step) -> Any:  # Any: JSON values
    for key in step.containers:
        level = level.get(key) if isinstance(level, dict) else None
    return level.get(step.key) if isinstance(level, dict) else None


def _is_equal(step: Step, value: Any) -> bool:  # Any: a JSON value
    comparison = step.comparison
    if comparison is Comparison.TRUE:
        return value is True
    if comparison is Comparison.NOT_TRUE:
        return value is not True
    if comparison is Comparison.CONTAINS:
        return isinstance(value, list) and step.expected in value
    if comparison is Comparison.NUMBER:
        return not isinstance(value, bool) and bool(value == step.expected)
    return bool(value == step.expected)


def _rows(grid: GridPlan, document: Mapping[str, Any]) -> list[Any]:  # Any: JSON values
    level: Any = document  # Any: a JSON value
    for key in grid.containers:
        level = level.get(key) if isinstance(level, dict) else None
    rows = level.get(grid.key) if isinstance(level, dict) else None
    return rows if isinstance(rows, list) else []
