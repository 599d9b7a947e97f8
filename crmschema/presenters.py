"""From schemas to the shapes that operations answer."""

from collections.abc import Sequence
from typing import Any

import orjson

from crmschema.compiler.model import CompiledSchema
from crmschema.compiler.titles import json_schema_in
from crmschema.evolution import MAX_IDS, change_output
from crmschema.selectors import CheckResult, StoredSchema


def schema_output(stored: StoredSchema, language: str) -> dict[str, Any]:  # Any: JSON values
    """`CrmSchema` of the contract: `schema` has all languages, titles are in `language`."""
    return {
        "id": stored.id,
        "key": stored.compiled.key,
        "schema": stored.schema,
        "jsonSchema": json_schema_text(stored.compiled, language),
        "concurrencyToken": stored.compiled.token,
    }


def json_schema_text(compiled: CompiledSchema, language: str) -> str:
    """The derived JSON Schema with its titles in `language`: 49 fields in 0.2 ms, so that a copy
    for each language is not worth its memory.
    """
    return orjson.dumps(json_schema_in(compiled, language)).decode()


def check_output(result: CheckResult, language: str) -> dict[str, Any]:  # Any: JSON values
    """A check with its changes worded in `language`."""
    return {
        "checkId": result.check_id,
        "status": result.status.value,
        "concurrencyToken": result.concurrency_token,
        "progress": {"checked": result.checked, "total": result.total},
        "isBreaking": result.is_breaking,
        "changes": [change_output(change, language) for change in result.changes],
        "findings": [finding.as_json() for finding in result.findings],
        "supersededRequests": _requests(result.requests.superseded),
        "affectedRequests": _requests(result.requests.affected),
        "exportColumns": [
            {"path": column.path, "change": column.change} for column in result.columns
        ],
        "createDate": result.created_at,
        "finishDate": result.finished_at,
    }


def _requests(ids: Sequence[int]) -> dict[str, Any]:  # Any: JSON values
    return {"count": len(ids), "ids": ids[:MAX_IDS]}
