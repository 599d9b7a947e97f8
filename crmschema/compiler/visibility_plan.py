"""Compiles the conditions of a schema for `crmschema.conditions`."""

from collections.abc import Mapping

from crmschema.compiler.comparisons import comparison_of
from crmschema.compiler.model import Condition, Field, GridNode
from crmschema.compiler.visibility import Dependent, GridPlan, Step, VisibilityPlan


class _Numbering:
    """Gives a bit to every distinct condition; one that many fields share is evaluated once."""

    def __init__(self, by_path: Mapping[str, Field]) -> None:
        self._by_path = by_path
        self._bits: dict[Condition, int] = {}
        self.outer: list[Step] = []
        self.by_grid: dict[str, list[Step]] = {}

    def needs(self, conditions: tuple[Condition, ...]) -> int:
        """The mask of these conditions; those of the fields they look at come before."""
        mask = 0
        for condition in conditions:
            mask |= self._bit(condition)
        return mask

    def _bit(self, condition: Condition) -> int:
        if condition not in self._bits:
            controlling = self._by_path[condition.when]
            needs = self.needs(controlling.conditions)
            bit = self._bits[condition] = 1 << len(self._bits)
            step = _step(bit, condition, controlling, needs)
            grid = controlling.grid
            (self.outer if grid is None else self.by_grid.setdefault(grid, [])).append(step)
        return self._bits[condition]


def visibility_plan(
    conditional: tuple[Field, ...],
    by_path: Mapping[str, Field],
    grids: Mapping[str, GridNode],
) -> VisibilityPlan:
    """The plan of the fields `conditional`, which are in dependency order and free of cycles."""
    numbering = _Numbering(by_path)
    outer: list[Dependent] = []
    in_grids: dict[str, list[Dependent]] = {}
    for index, field in enumerate(conditional):
        dependent = Dependent(index, numbering.needs(field.conditions))
        (outer if field.grid is None else in_grids.setdefault(field.grid, [])).append(dependent)
    hideable = tuple(
        (grid.path, numbering.needs(grid.conditions)) for grid in grids.values() if grid.conditions
    )
    return VisibilityPlan(
        steps=tuple(numbering.outer),
        dependents=tuple(outer),
        grids=tuple(
            GridPlan(*_split(path), tuple(numbering.by_grid.get(path, ())), tuple(dependents))
            for path, dependents in in_grids.items()
        ),
        hideable_grids=hideable,
    )


def _step(bit: int, condition: Condition, controlling: Field, needs: int) -> Step:
    comparison, expected = comparison_of(controlling.type, condition.equals)
    path = controlling.path
    if controlling.grid is not None:
        path = path.removeprefix(f"{controlling.grid}.")
    return Step(bit, *_split(path), comparison, expected, condition.show, needs)


def _split(path: str) -> tuple[tuple[str, ...], str]:
    *containers, key = path.split(".")
    return tuple(containers), key
