"""The compiled form of a schema's conditions: what to compare, in which order. Plain data.

Conditions are numbered; a set of them is a bit mask, since documents are judged on every write.
"""

from enum import Enum
from typing import NamedTuple


class Comparison(Enum):
    """How a controlling field's value is compared (schema format, 4.2)."""

    TRUE = "true"
    NOT_TRUE = "not true"
    TEXT = "text"
    NUMBER = "number"
    CONTAINS = "contains"


class Step(NamedTuple):
    """One condition. It holds when (the controlling field is visible and equal) is `show`.

    `containers` and `key` lead to the controlling value, from the row when it is in a grid. The
    controlling field is visible when the conditions `needs` hold, which come before this one.
    """

    bit: int
    containers: tuple[str, ...]
    key: str
    comparison: Comparison
    expected: str | int | float | bool
    show: bool
    needs: int


class Dependent(NamedTuple):
    """A field, by its position in `CompiledSchema.conditional`, and what must hold for it."""

    position: int
    needs: int


class GridPlan(NamedTuple):
    """What depends on conditions in one grid. `steps` are evaluated anew for every row."""

    containers: tuple[str, ...]
    key: str
    steps: tuple[Step, ...]
    dependents: tuple[Dependent, ...]


class VisibilityPlan(NamedTuple):
    """All conditions of a schema; those in `grids` may need those in `steps`.

    `hideable_grids` are the grids that conditions hide as a whole, with those that must hold.
    """

    steps: tuple[Step, ...]
    dependents: tuple[Dependent, ...]
    grids: tuple[GridPlan, ...]
    hideable_grids: tuple[tuple[str, int], ...]
