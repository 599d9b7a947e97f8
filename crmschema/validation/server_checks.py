"""The rules that a JSON Schema cannot express or does not send along (schema format, 9.4)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.validation.errors import ErrorCode
from crmschema.validation.occurrences import (
    in_row,
    occurrences,
    rows_at,
    stored_value,
    value_at,
)
from crmschema.validation.places import ROW_ID, Spot
from crmschema.validation.translation import Finding


def server_findings(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
    stored: Mapping[str, Any] | None,  # Any: a JSON document
) -> Iterator[Finding]:
    """Decimals, long lists, inactive items, hierarchies and row ids. Wrong types are no matter."""
    for field in compiled.server_checked:
        for value, row in occurrences(document, field):
            if value is None:
                continue
            if field.list_key is not None:
                codes = _item_codes(compiled, field, value, row, document, stored)
            else:
                codes = _decimal_codes(field, value)
            for code in codes:
                yield Spot(field.path, field.grid, row, None), code
    for grid in compiled.grids:
        yield from _row_id_findings(grid, rows_at(document, grid))


def _decimal_codes(field: Field, value: Any) -> Iterator[ErrorCode]:  # Any: a JSON value
    """Exact: the places of the number as it is written shortest, not of its binary value."""
    if type(value) is not float or value.is_integer():
        return
    exponent = Decimal(repr(value)).as_tuple().exponent
    if isinstance(exponent, int) and -exponent > (field.decimals or 0):
        yield ErrorCode.DECIMALS


def _item_codes(
    compiled: CompiledSchema,
    field: Field,
    value: Any,  # Any: a JSON value
    row: int | None,
    document: Mapping[str, Any],  # Any: a JSON document
    stored: Mapping[str, Any] | None,  # Any: a JSON document
) -> Iterator[ErrorCode]:
    items = compiled.lists[str(field.list_key)].items
    for key in value if isinstance(value, list) else (value,):
        if not isinstance(key, str):
            continue
        item = items.get(key)
        if item is None:
            yield ErrorCode.NOT_IN_LIST
            continue
        if not item.is_active and not _is_stored(key, field, row, document, stored):
            yield ErrorCode.INACTIVE_ITEM
        parent = compiled.by_path.get(field.list_hierarchy_path or "")
        if parent is not None and item.parent_key != _parent_value(parent, row, document):
            yield ErrorCode.LIST_HIERARCHY


def _is_stored(
    key: str,
    field: Field,
    row: int | None,
    document: Mapping[str, Any],  # Any: a JSON document
    stored: Mapping[str, Any] | None,  # Any: a JSON document
) -> bool:
    """Whether the stored document has the item at this leaf already (S6)."""
    if stored is None:
        return False
    value = stored_value(stored, document, field, row)
    return key in value if isinstance(value, list) else key == value


def _parent_value(
    parent: Field,
    row: int | None,
    document: Mapping[str, Any],  # Any: a JSON document
) -> Any:  # Any: a JSON value
    """The parent field's item: in the same row when it stands in the grid."""
    if parent.grid is None or row is None:
        return value_at(document, parent.path.split("."))
    return value_at(rows_at(document, parent.grid)[row], in_row(parent))


def _row_id_findings(grid: str, rows: list[Any]) -> Iterator[Finding]:  # Any: JSON values
    seen: set[str] = set()
    for index, row in enumerate(rows):
        row_id = value_at(row, [ROW_ID])
        if not isinstance(row_id, str):
            continue
        if row_id in seen:
            yield Spot(f"{grid}.{ROW_ID}", grid, index, None), ErrorCode.ROW_ID_NOT_UNIQUE
        seen.add(row_id)
