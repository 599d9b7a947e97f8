"""Values of a field in a document that may have any shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crmschema.compiler.model import Field


class Occurrence(NamedTuple):
    """A field's value (None: missing) at one place; `row` is None outside grids."""

    value: Any  # Any: a JSON value
    row: int | None


def value_at(level: Any, path: Sequence[str]) -> Any:  # Any: JSON values
    """The value that the keys lead to; None when it is missing."""
    for key in path:
        if not isinstance(level, dict):
            return None
        level = level.get(key)
    return level


def rows_at(document: Mapping[str, Any], grid: str) -> list[Any]:  # Any: JSON values
    """The rows of a grid; none when the grid is missing."""
    rows = value_at(document, grid.split("."))
    return rows if isinstance(rows, list) else []


def occurrences(document: Mapping[str, Any], field: Field) -> Iterator[Occurrence]:  # Any: JSON
    """Every place of the field, a row at a time in grids."""
    if field.grid is None:
        yield Occurrence(value_at(document, field.path.split(".")), None)
        return
    path = in_row(field)
    for row, value in enumerate(rows_at(document, field.grid)):
        yield Occurrence(value_at(value, path), row)


def in_row(field: Field) -> list[str]:
    """The keys that lead from a row of the field's grid to its value."""
    return field.path.removeprefix(f"{field.grid}.").split(".")


def stored_value(
    stored: Mapping[str, Any],  # Any: a JSON document
    document: Mapping[str, Any],  # Any: a JSON document
    field: Field,
    row: int | None,
) -> Any:  # Any: a JSON value
    """What `stored` has where `document` has the field in `row`: rows by id, else by position."""
    if field.grid is None or row is None:
        return value_at(stored, field.path.split("."))
    rows = rows_at(stored, field.grid)
    row_id = value_at(rows_at(document, field.grid)[row], ["id"])
    if row_id is not None:
        rows = [candidate for candidate in rows if value_at(candidate, ["id"]) == row_id]
        row = 0
    return value_at(rows[row], in_row(field)) if row < len(rows) else None
