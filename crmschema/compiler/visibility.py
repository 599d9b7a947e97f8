"""The compiled form of a schema's conditions: what to compare, in which order. Plain data."""

from dataclasses import dataclass
from enum import Enum


class Comparison(Enum):
    """How a controlling field's value is compared (schema format, 4.2)."""

    TRUE = "true"
    NOT_TRUE = "not true"
    TEXT = "text"
    NUMBER = "number"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Step:
    """One condition. It holds when (the controlling field is visible and equal) is `show`.

    `containers` and `key` lead to the controlling value, from the row when it is in a grid. The
    controlling field is visible when the steps `needs` hold, which come before this one.
    """

    containers: tuple[str, ...]
    key: str
    comparison: Comparison
    expected: str | int | float | bool
    show: bool
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dependent:
    """A field (by its place in `CompiledSchema.conditional`) and the steps that must all hold."""

    index: int
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GridPlan:
    """What depends on conditions in one grid. `steps` are evaluated anew for every row."""

    containers: tuple[str, ...]
    key: str
    steps: tuple[tuple[int, Step], ...]
    dependents: tuple[Dependent, ...]


@dataclass(frozen=True, slots=True)
class VisibilityPlan:
    """All conditions of a schema. Steps have numbers below `size`; `grids` follow the outer ones.

    `hideable_grids` are the grids that a condition hides as a whole, with the steps that must hold.
    """

    size: int
    steps: tuple[tuple[int, Step], ...]
    dependents: tuple[Dependent, ...]
    grids: tuple[GridPlan, ...]
    hideable_grids: tuple[tuple[str, tuple[int, ...]], ...]
