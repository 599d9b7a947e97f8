"""Which values are required under which conditions, as clauses of the JSON Schema (9.2)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crmschema.compiler.formulas import (
    Atom,
    Conjunction,
    Literal,
    Not,
    Visibility,
    count_splits,
    paths_of,
    split,
)
from crmschema.compiler.model import Field, GridNode
from crmschema.compiler.problems import Problems
from crmschema.compiler.tree import Tree
from crmschema.compiler.value_schemas import JsonSchema, ValueSchemas
from crmschema.compiler.visibility import Comparison

_MAX_ALTERNATIVES: Final = 32

Clauses = Mapping[str, list[JsonSchema]]
_Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """`path` is required where `outer` holds in the document and `row` in the target's row."""

    path: str
    grid: str | None
    outer: Conjunction
    row: Conjunction
    target: Field | GridNode


def conditional_requirements(tree: Tree, problems: Problems) -> list[Requirement]:
    """All requirements that depend on a condition; notes those too entangled to write out."""
    visibility = Visibility({field.path: field for field in tree.fields})
    found: list[Requirement] = []
    for target in _targets(tree):
        grid = target.grid if isinstance(target, Field) else None
        conjunction = visibility.of(target.conditions)
        if conjunction is None:
            continue
        if grid is None:
            found.append(Requirement(target.path, None, conjunction, (), target))
        elif count_splits(conjunction, grid) > _MAX_ALTERNATIVES:
            message = "The conditions inside and outside the grid are too entangled."
            problems.add(tree.places[target.path], "ConditionTooComplex", message)
        else:
            found += [
                Requirement(target.path, grid, outer, row, target)
                for outer, row in split(conjunction, grid)
            ]
    return found


def _targets(tree: Tree) -> Iterator[Field | GridNode]:
    yield from (
        field
        for field in tree.fields
        if field.is_required and field.conditions and not field.is_hidden
    )
    yield from (grid for grid in tree.grids.values() if grid.is_required and grid.conditions)


def clauses(requirements: list[Requirement], values: ValueSchemas) -> Clauses:
    """The `if`/`then` pairs by the path of the object they belong to (a grid's path: its rows).

    Requirements of one object with the same condition share a pair.
    """
    pairs: defaultdict[str, list[JsonSchema]] = defaultdict(list)
    for requirement in requirements:
        anchor, condition, consequence = _clause(requirement, values)
        for pair in pairs[anchor]:
            if pair["if"] == condition:
                _merge(pair["then"], consequence)
                break
        else:
            pairs[anchor].append({"if": condition, "then": consequence})
    return pairs


def _clause(requirement: Requirement, values: ValueSchemas) -> tuple[str, JsonSchema, JsonSchema]:
    """Path of the object, condition and consequence, each as seen from that object."""
    target = _required_form(requirement.target, values)
    segments = _segments(requirement.path)
    grid = () if requirement.grid is None else _segments(requirement.grid)
    if not requirement.outer or requirement.grid is None:
        conjunction = requirement.outer or requirement.row
        anchor = _anchor(conjunction, segments[:-1], least=grid)
        consequence = _required(segments[len(anchor) :], target)
        return ".".join(anchor), _all(conjunction, len(anchor)), consequence
    in_row = _required(segments[len(grid) :], target)
    if requirement.row:
        in_row = {"allOf": [{"if": _all(requirement.row, len(grid)), "then": in_row}]}
    anchor = _common((*_parents(requirement.outer), grid[:-1]))
    consequence = _in_rows(grid[len(anchor) :], in_row)
    return ".".join(anchor), _all(requirement.outer, len(anchor)), consequence


def _anchor(conjunction: Conjunction, parent: _Segments, *, least: _Segments) -> _Segments:
    """The nearest object that holds target and compared values, not above `least`.

    Negations alone also hold where that object is missing, and then it is required as well: the
    clause must stand where it is always looked at, at the root or in the row.
    """
    if any(isinstance(literal, Atom) for literal in conjunction):
        return _common((*_parents(conjunction), parent))
    return least


def _required_form(target: Field | GridNode, values: ValueSchemas) -> JsonSchema:
    if isinstance(target, GridNode):
        return {"type": "array", "minItems": max(1, target.min_rows or 0)}
    return values.required(target)


def _segments(path: str) -> _Segments:
    return tuple(path.split("."))


def _parents(conjunction: Conjunction) -> tuple[_Segments, ...]:
    return tuple(_segments(path)[:-1] for path in paths_of(conjunction))


def _common(paths: tuple[_Segments, ...]) -> _Segments:
    """The longest common beginning."""
    shortest = min(paths, key=len)
    length = 0
    while length < len(shortest) and len({path[length] for path in paths}) == 1:
        length += 1
    return shortest[:length]


def _required(segments: _Segments, target: JsonSchema) -> JsonSchema:
    """`target` is there, below containers that are there."""
    key, *rest = segments
    inner = {"type": "object", **_required(tuple(rest), target)} if rest else target
    return {"required": [key], "properties": {key: inner}}


def _in_rows(segments: _Segments, row: JsonSchema) -> JsonSchema:
    """Every row of a grid is like `row`; the grid itself may be absent."""
    key, *rest = segments
    return {"properties": {key: _in_rows(tuple(rest), row) if rest else {"items": row}}}


def _all(conjunction: Conjunction, depth: int) -> JsonSchema:
    """The conjunction as seen from an object `depth` segments below the root."""
    schemas = [_literal(literal, depth) for literal in conjunction]
    return schemas[0] if len(schemas) == 1 else {"allOf": schemas}


def _literal(literal: Literal, depth: int) -> JsonSchema:
    if isinstance(literal, Not):
        return {"not": _all(literal.inner, depth)}
    return _present(_segments(literal.path)[depth:], _value(literal))


def _value(atom: Atom) -> JsonSchema:
    if atom.comparison is Comparison.CONTAINS:
        return {"type": "array", "contains": {"const": atom.expected}}
    return {"const": atom.expected}


def _present(segments: _Segments, value: JsonSchema) -> JsonSchema:
    key, *rest = segments
    inner = {"type": "object", **_present(tuple(rest), value)} if rest else value
    return {"properties": {key: inner}, "required": [key]}


def _merge(into: dict[str, Any], other: dict[str, Any]) -> None:  # Any: JSON documents
    """Both consequences in one: all that either requires."""
    for name, value in other.items():
        if name not in into:
            into[name] = value
        elif isinstance(value, dict):
            _merge(into[name], value)
        elif isinstance(value, list):
            into[name] = into[name] + [part for part in value if part not in into[name]]
