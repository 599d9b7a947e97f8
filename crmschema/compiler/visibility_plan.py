"""Compiles the conditions of a schema for `crmschema.conditions`."""

from collections.abc import Mapping

from crmschema.compiler.comparisons import comparison_of
from crmschema.compiler.model import Condition, Field, GridNode
from crmschema.compiler.visibility import Dependent, GridPlan, Step, VisibilityPlan


class _Numbering:
    """Numbers the distinct conditions; one that is shared by many fields is evaluated once."""

    def __init__(self, by_path: Mapping[str, Field]) -> None:
        self._by_path = by_path
        self._numbers: dict[Condition, int] = {}
        self.outer: list[tuple[int, Step]] = []
        self.by_grid: dict[str, list[tuple[int, Step]]] = {}

    @property
    def size(self) -> int:
        return len(self._numbers)

    def needs(self, conditions: tuple[Condition, ...]) -> tuple[int, ...]:
        """The numbers of these conditions; those of the fields they look at come before."""
        return tuple(self._number(condition) for condition in conditions)

    def _number(self, condition: Condition) -> int:
        if condition not in self._numbers:
            controlling = self._by_path[condition.when]
            step = _step(condition, controlling, self.needs(controlling.conditions))
            number = self._numbers[condition] = len(self._numbers)
            is_outer = controlling.grid is None
            steps = self.outer if is_outer else self.by_grid.setdefault(str(controlling.grid), [])
            steps.append((number, step))
        return self._numbers[condition]


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
        size=numbering.size,
        steps=tuple(numbering.outer),
        dependents=tuple(outer),
        grids=tuple(
            GridPlan(*_split(path), tuple(numbering.by_grid.get(path, ())), tuple(dependents))
            for path, dependents in in_grids.items()
        ),
        hideable_grids=hideable,
    )


def _step(condition: Condition, controlling: Field, needs: tuple[int, ...]) -> Step:
    comparison, expected = comparison_of(controlling.type, condition.equals)
    path = controlling.path
    if controlling.grid is not None:
        path = path.removeprefix(f"{controlling.grid}.")
    return Step(*_split(path), comparison, expected, condition.show, needs)


def _split(path: str) -> tuple[tuple[str, ...], str]:
    *containers, key = path.split(".")
    return tuple(containers), key
