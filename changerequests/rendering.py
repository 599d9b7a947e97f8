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


def conflict_place(conflict: Conflict) -> dict[str, Any]:  # Any: JSON values
    """Where a conflict is, for a reviewer who may not read what stands there (A1)."""
    return {"path": conflict.path, "rowId": conflict.row_id}


def conflict_output(
    compiled: CompiledSchema, conflict: Conflict, language: str
) -> dict[str, Any]:  # Any: JSON values
    """A conflict with its three values, shown as people read them (C6). Of a grid whose rows have
    no ids, a value is all its rows.
    """
    return {
        **conflict_place(conflict),
        "originalValue": _shown(compiled, conflict, conflict.original, language),
        "currentValue": current_value(compiled, conflict, language),
        "targetValue": _shown(compiled, conflict, conflict.target, language),
    }


def current_value(compiled: CompiledSchema, conflict: Conflict, language: str) -> str | None:
    """Today's value at a conflict, as its answer shows it."""
    return _shown(compiled, conflict, conflict.current, language)


def _shown(
    compiled: CompiledSchema, conflict: Conflict, value: JsonValue, language: str
) -> str | None:
    shape = Change(conflict.path, None, None, conflict.row_id, conflict.is_order)
    return rendered(compiled, shape, value, language)
