"""Values of details as people and the contract's strings see them (D5)."""

from typing import Any

import orjson

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.documents import Change, JsonValue
from lists.selectors import item_label


def rendered(
    compiled: CompiledSchema, change: Change, value: JsonValue, language: str
) -> str | None:
    """One value of a change: text as it is, numbers and booleans in JSON, list items by their
    label, several joined by `; `, ids of rows by `, `; missing is None. A path that the schema no
    longer has is shown by its value alone.
    """
    if value is None:
        return None
    if change.is_order:
        return ", ".join(map(str, value))
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


def _json(value: Any) -> str:  # Any: a JSON value
    return orjson.dumps(value).decode()
