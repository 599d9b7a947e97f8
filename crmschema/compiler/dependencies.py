"""Checks the conditions of a schema and puts the fields that they hide into dependency order."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from crmschema.compiler.comparisons import comparison_of
from crmschema.compiler.formulas import Visibility
from crmschema.compiler.model import Condition, Field
from crmschema.compiler.problems import Problems
from crmschema.compiler.tree import Tree

# Chains are written out in the JSON Schema; beyond this nobody understands the form either.
MAX_COMPARISONS: Final = 100

_Graph = dict[str, tuple[str, ...]]


def conditional_fields(tree: Tree, problems: Problems) -> tuple[Field, ...]:
    """The fields that a condition can hide, each after those that decide about it.

    Notes conditions on unknown fields, from outside into a grid, with impossible values, in a
    cycle, or so entangled that writing them out would explode; the order is empty then.
    """
    by_path = {field.path: field for field in tree.fields}
    if not _check_targets(tree, by_path, problems):
        return ()
    graph: _Graph = {
        field.path: tuple(condition.when for condition in field.conditions) for field in tree.fields
    }
    order = _order(graph, tree, problems)
    conditional = tuple(by_path[path] for path in order if by_path[path].conditions)
    _check_sizes(conditional, tree, problems)
    return conditional


def _check_targets(tree: Tree, by_path: Mapping[str, Field], problems: Problems) -> bool:
    is_sound = True
    for place, condition, grid in tree.conditioned:
        reason = _reason_against(condition, grid, by_path)
        if reason is not None:
            problems.add(place, *reason)
            is_sound = False
    return is_sound


def _reason_against(
    condition: Condition, grid: str | None, by_path: Mapping[str, Field]
) -> tuple[str, str] | None:
    """Code and message of what is wrong with one condition of a component in `grid`."""
    controlling = by_path.get(condition.when)
    if controlling is None:
        return "ConditionUnknownField", "“when” must be the full path of a field."
    if controlling.grid is not None and controlling.grid != grid:
        return "ConditionScope", "A field in a grid decides only about components in the same grid."
    try:
        comparison_of(controlling.type, condition.equals)
    except ValueError as error:
        return "ConditionInvalid", f"“eq” {error} for a field of type {controlling.type}."
    return None


def _order(graph: _Graph, tree: Tree, problems: Problems) -> tuple[str, ...]:
    """Dependency order, in schema order where that decides nothing; empty when there is a cycle."""
    rest = dict(graph)
    has_cycle = False
    while True:
        try:
            order = tuple(TopologicalSorter(rest).static_order())
        except CycleError as error:
            cycle = frozenset(error.args[1])
            _report_cycle(cycle, tree, problems)
            has_cycle = True
            rest = {path: () if path in cycle else needs for path, needs in rest.items()}
        else:
            return () if has_cycle else order


def _report_cycle(cycle: frozenset[str], tree: Tree, problems: Problems) -> None:
    deciding = {
        condition.when
        for field in tree.fields
        if field.path in cycle
        for condition in field.conditions
        if condition.when in cycle
    }
    for place, condition, _grid in tree.conditioned:
        if condition.when in deciding:
            problems.add(place, "ConditionCycle", "The condition is part of a cycle.")


def _check_sizes(conditional: tuple[Field, ...], tree: Tree, problems: Problems) -> None:
    visibility = Visibility({field.path: field for field in tree.fields})
    for field in conditional:
        if visibility.size_of(field) > MAX_COMPARISONS:
            message = f"The field depends on more than {MAX_COMPARISONS} comparisons."
            problems.add(tree.places[field.path], "ConditionTooComplex", message)
            visibility.give_up(field)
