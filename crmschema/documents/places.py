"""Reading and writing the values of one field of the schema in a document."""

from collections.abc import Iterator
from typing import NamedTuple

from crmschema.compiler.model import Field
from crmschema.documents.rows import RowKey, row_keys
from crmschema.documents.values import Document, JsonValue


class Place(NamedTuple):
    """One place where a field stands: its holder, its key in it, and the row that it is in."""

    path: str
    holder: Document
    key: str
    row: RowKey | None

    @property
    def value(self) -> JsonValue:
        return self.holder.get(self.key)


def value_at(document: Document, path: str) -> JsonValue:
    """The value at an index-free path outside of grids; None when it is missing."""
    node: JsonValue = document
    for key in path.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def places(document: Document, field: Field) -> Iterator[Place]:
    """Every place of a field whose holder is there, with or without a value: at most one outside
    of grids, one in each row inside. Places in a document of the wrong shape are passed over.
    """
    if field.grid is None:
        yield from _place(document, field.path, field.path, None)
        return
    rows = value_at(document, field.grid)
    if not isinstance(rows, list):
        return
    below = field.path.removeprefix(f"{field.grid}.")
    for index, (key, row) in enumerate(zip(row_keys(rows), rows, strict=True)):
        if isinstance(row, dict):
            yield from _place(row, below, f"{field.grid}[{index}].{below}", key)


def values_by_row(document: Document, field: Field) -> dict[RowKey | None, JsonValue]:
    """The values of a field by row; by None outside of grids. Missing ones are left out."""
    return {place.row: place.value for place in places(document, field) if place.value is not None}


def set_value(document: Document, path: str, value: JsonValue) -> None:
    """Write a value at a path outside of grids, making the containers on the way. A holder that is
    no container is left for validation to refuse.
    """
    *containers, key = path.split(".")
    node: JsonValue = document
    for container in containers:
        node = node.setdefault(container, {})
        if not isinstance(node, dict):
            return
    node[key] = value


def _place(root: Document, below: str, path: str, row: RowKey | None) -> Iterator[Place]:
    *containers, key = below.split(".")
    node: JsonValue = root
    for container in containers:
        node = node.get(container) if isinstance(node, dict) else None
    if isinstance(node, dict):
        yield Place(path, node, key, row)
