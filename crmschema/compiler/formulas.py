"""When is a field visible? Conditions written out as logic over values (schema format, 9.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from crmschema.compiler.comparisons import comparison_of
from crmschema.compiler.model import Condition, Field
from crmschema.compiler.visibility import Comparison


@dataclass(frozen=True, slots=True)
class Atom:
    """The value at `path` is there and compares as said."""

    path: str
    comparison: Comparison
    expected: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Not:
    """Not all of `inner` hold."""

    inner: "Conjunction"


Literal = Atom | Not
Conjunction = tuple[Literal, ...]


class Visibility:
    """Writes out the visibility of the fields of one schema, which must be free of cycles."""

    def __init__(self, by_path: Mapping[str, Field]) -> None:
        self._by_path = by_path
        self._known: dict[str, Conjunction] = {}

    def of(self, conditions: Iterable[Condition]) -> Conjunction | None:
        """All that must hold for `conditions` to hold; None when they contradict each other."""
        literals = tuple(dict.fromkeys(self._literals(conditions)))
        simplified = tuple(_without(literal, literals) for literal in literals)
        return None if Not(()) in simplified else simplified

    def size_of(self, field: Field) -> int:
        """How many comparisons decide about the field; cheap when asked in dependency order."""
        return sum(1 for _path in paths_of(self._all_of(field)))

    def give_up(self, field: Field) -> None:
        """Count the field as always visible from now on, so that what it decides stays small."""
        self._known[field.path] = ()

    def _all_of(self, field: Field) -> Conjunction:
        if field.path not in self._known:
            literals = tuple(dict.fromkeys(self._literals(field.conditions)))
            self._known[field.path] = literals
        return self._known[field.path]

    def _literals(self, conditions: Iterable[Condition]) -> Iterable[Literal]:
        for condition in conditions:
            controlling = self._by_path[condition.when]
            inner = (*self._all_of(controlling), _comparison(condition, controlling))
            if condition.show:
                yield from inner
            else:
                yield Not(inner)


def _comparison(condition: Condition, controlling: Field) -> Literal:
    comparison, expected = comparison_of(controlling.type, condition.equals)
    if comparison is Comparison.NOT_TRUE:
        return Not((Atom(controlling.path, Comparison.TRUE, True),))
    return Atom(controlling.path, comparison, expected)


def _without(literal: Literal, given: Conjunction) -> Literal:
    """The literal where all of `given` hold: what is given needs no mention in a negation."""
    if isinstance(literal, Atom):
        return literal
    return Not(tuple(part for part in literal.inner if part not in given))


def split(conjunction: Conjunction, grid: str) -> list[tuple[Conjunction, Conjunction]]:
    """Pairs (outside the grid, in its rows) of which one must hold for `conjunction` to hold."""
    choices = [_split_literal(literal, f"{grid}.") for literal in conjunction]
    return [
        (
            tuple(literal for outer, _row in chosen for literal in outer),
            tuple(literal for _outer, row in chosen for literal in row),
        )
        for chosen in product(*choices)
    ]


def count_splits(conjunction: Conjunction, grid: str) -> int:
    """How many pairs `split` would give."""
    count = 1
    for literal in conjunction:
        count *= len(_split_literal(literal, f"{grid}."))
    return count


def _split_literal(literal: Literal, prefix: str) -> list[tuple[Conjunction, Conjunction]]:
    sides = {path.startswith(prefix) for path in paths_of((literal,))}
    if sides == {True}:
        return [((), (literal,))]
    if isinstance(literal, Atom) or sides == {False}:
        return [((literal,), ())]
    # Not all of several parts hold: one of them does not.
    return [pair for part in literal.inner for pair in _split_negated(part, prefix)]


def _split_negated(part: Literal, prefix: str) -> list[tuple[Conjunction, Conjunction]]:
    if isinstance(part, Atom):
        return _split_literal(Not((part,)), prefix)
    return split(part.inner, prefix.removesuffix("."))


def paths_of(conjunction: Conjunction) -> Iterable[str]:
    """The paths of all values that are compared."""
    for literal in conjunction:
        if isinstance(literal, Atom):
            yield literal.path
        else:
            yield from paths_of(literal.inner)
