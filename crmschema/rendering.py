"""Values of details as people and the contract's strings see them (D5)."""

from collections.abc import Iterable
from typing import Any

import orjson

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.documents import Change, Document, JsonValue, is_grid, row_path, value_at
from lists.selectors import item_label


def rendered(
    compiled: CompiledSchema, change: Change, value: JsonValue, language: str
) -> str | None:
    """One value of a change: text as it is, numbers and booleans in JSON, list items by their
    label, several joined by `; `, ids of rows by `, `; missing is None. A whole grid is its rows
    joined by `; `, each of them its values joined by `, `. A path that the schema no longer has is
    shown by its value alone.
    """
    if value is None:
        return None
    if change.is_order:
        return ", ".join(map(str, value))
    if change.path in compiled.grids and is_grid(value):
        return "; ".join(_row(compiled, change.path, row, language) for row in value)
    return rendered_value(compiled, compiled.by_path.get(change.field_path), value, language)


def rendered_value(
    compiled: CompiledSchema, field: Field | None, value: JsonValue, language: str
) -> str:
    """A leaf's value that is not missing, in the same form."""
    if isinstance(value, list):
        return "; ".join(rendered_value(compiled, field, element, language) for element in value)
    if not isinstance(value, str):
        return _json(value)
    snapshot = compiled.lists.get(field.list_key) if field and field.list_key else None
    return value if snapshot is None else item_label(snapshot, value, language)


def _row(compiled: CompiledSchema, grid: str, row: Document, language: str) -> str:
    """The values of a row in the order of the schema; its id is no value for people."""
    values = (
        (field, value_at(row, field.path.removeprefix(f"{grid}.")))
        for field in compiled.fields
        if field.grid == grid
    )
    return ", ".join(
        rendered_value(compiled, field, value, language)
        for field, value in values
        if value is not None
    )


def is_marked(compiled: CompiledSchema, change: Change) -> bool:
    """Whether the schema asks for approval of what `change` changes (C1). A new order of rows
    counts when the rows hold a marked field.
    """
    if change.is_order:
        grid = compiled.grids.get(change.path)
        return grid is not None and grid.holds_approval
    field = compiled.by_path.get(change.field_path)
    return field is not None and field.is_approval_required


def ordered(compiled: CompiledSchema, changes: Iterable[Change]) -> list[Change]:
    """Changes in the order of the schema's fields, row by row; what it no longer has comes last."""
    places = {field.path: place for place, field in enumerate(compiled.fields)}
    first_of_grid: dict[str, int] = {}
    for field in compiled.fields:
        if field.grid is not None:
            first_of_grid.setdefault(field.grid, places[field.path])

    def key(change: Change) -> tuple[int, int, int, str]:
        row = row_path(change.path)
        own = places.get(change.field_path, -1 if row else len(places))
        if row is not None:
            return first_of_grid.get(row.grid, len(places)), row.position, own, change.path
        return first_of_grid.get(change.path, own), -1, own, change.path

    return sorted(changes, key=key)


def _json(value: Any) -> str:  # Any: a JSON value
    return orjson.dumps(value).decode()
