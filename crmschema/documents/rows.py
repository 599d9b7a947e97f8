"""Which row of a grid is which: by id where it has one, else by position (D4)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from crmschema.documents.values import JsonValue


class RowKey(NamedTuple):
    """The identity of a row within its grid: its id, or its position for a row without one."""

    row_id: str | None
    position: int | None


def row_keys(rows: Iterable[JsonValue]) -> list[RowKey]:
    """The keys of the rows, in order. Of two rows with one id (which validation refuses) the later
    one counts as a row without id, so that keys are always distinct.
    """
    keys: list[RowKey] = []
    seen: set[str] = set()
    for position, row in enumerate(rows):
        row_id = row_id_of(row)
        if row_id is None or row_id in seen:
            keys.append(RowKey(None, position))
        else:
            seen.add(row_id)
            keys.append(RowKey(row_id, None))
    return keys


def row_id_of(row: JsonValue) -> str | None:
    """The row's own id, if it carries a usable one."""
    row_id = row.get("id") if isinstance(row, dict) else None
    return row_id if isinstance(row_id, str) else None


def has_rows_without_id(rows: list[Any]) -> bool:  # Any: rows are JSON objects
    """Whether position tells some row of the grid apart, so that the grid as a whole is what a
    change of it is based on (C6).
    """
    return any(key.row_id is None for key in row_keys(rows))
