"""Reading and writing the values of one field of the schema in a document.

Documents are values: writing gives a new document that shares all that is not on the way to the
written place, so that what has not changed is known by identity.
"""

from collections.abc import Iterator
from typing import NamedTuple

from crmschema.compiler.model import Field
from crmschema.documents.rows import RowKey, row_keys
from crmschema.documents.values import Document, JsonValue


class Place(NamedTuple):
    """One place where a field can stand: its indexed path, its row and its value, if any."""

    path: str
    row: RowKey | None
    value: JsonValue


def value_at(document: Document, path: str) -> JsonValue:
    """The value at an index-free path outside of grids; None when it is missing."""
    node: JsonValue = document
    for key in path.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def places(document: Document, field: Field) -> Iterator[Place]:
    """Every place of a field, with or without a value: one outside of grids, one in each row
    inside. Rows of the wrong shape are passed over.
    """
    if field.grid is None:
        yield Place(field.path, None, value_at(document, field.path))
        return
    rows = value_at(document, field.grid)
    if not isinstance(rows, list):
        return
    below = field.path[len(field.grid) + 1 :]
    for index, (key, row) in enumerate(zip(row_keys(rows), rows, strict=True)):
        if isinstance(row, dict):
            yield Place(f"{field.grid}[{index}].{below}", key, value_at(row, below))


def values(document: Document, field: Field) -> list[JsonValue]:
    """The values of a field: one outside of grids, one for each row inside. None is missing."""
    if field.grid is None:
        return [value_at(document, field.path)]
    rows = value_at(document, field.grid)
    if not isinstance(rows, list):
        return []
    below = field.path[len(field.grid) + 1 :]
    return [value_at(row, below) for row in rows]


def values_by_row(document: Document, field: Field) -> dict[RowKey | None, JsonValue]:
    """The values of a field by row; by None outside of grids. Missing ones are left out."""
    if field.grid is None:
        value = value_at(document, field.path)
        return {} if value is None else {None: value}
    return {place.row: place.value for place in places(document, field) if place.value is not None}


def with_value(document: Document, path: str, value: JsonValue) -> Document:
    """A document with `value` at an indexed path, None to remove it; containers are made on the
    way. Where the way is barred by something else the document is left for validation to refuse.
    """
    written: Document = _written(document, path.replace("[", ".[").split("."), value)
    return written


def _written(node: JsonValue, steps: list[str], value: JsonValue) -> JsonValue:
    step, rest = steps[0], steps[1:]
    if step[0] == "[":
        index = int(step[1:-1])
        return [*node[:index], _written(node[index], rest, value), *node[index + 1 :]]
    if not isinstance(node, dict):
        return node
    if rest:
        return {**node, step: _written(node.get(step, {}), rest, value)}
    if value is not None:
        return {**node, step: value}
    return {key: kept for key, kept in node.items() if key != step}
