"""Changes as the contract and the back office show them (D5)."""

from typing import Any

from changerequests.conflicts import Conflict
from changerequests.models import ChangeRequest
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, JsonValue
from crmschema.rendering import ordered, rendered


def request_details(
    compiled: CompiledSchema, request: ChangeRequest, language: str
) -> list[dict[str, Any]]:  # Any: JSON values
    """The changes of a request as the contract's `ChangeDetail`s, in the order of the schema."""
    marked = {
        (stored["path"], stored.get("rowId"))
        for stored in request.details
        if stored["isApprovalRequired"]
    }
    return [
        {
            "path": change.path,
            "originalValue": rendered(compiled, change, change.original, language),
            "targetValue": rendered(compiled, change, change.target, language),
            "isApprovalRequired": (change.path, change.row_id) in marked,
        }
        for change in ordered(compiled, map(Change.from_json, request.details))
    ]


def conflict_output(
    compiled: CompiledSchema, conflict: Conflict, language: str
) -> dict[str, Any]:  # Any: JSON values
    """A conflict with its three values, shown as people read them (C6). Of a grid whose rows have
    no ids, a value is its rows in JSON.
    """
    shape = Change(conflict.path, None, None, conflict.row_id, conflict.is_order)

    def shown(value: JsonValue) -> str | None:
        return rendered(compiled, shape, value, language)

    return {
        "path": conflict.path,
        "rowId": conflict.row_id,
        "originalValue": shown(conflict.original),
        "currentValue": shown(conflict.current),
        "targetValue": shown(conflict.target),
    }
