"""What is left of documents and changes when personal data is taken out of them (N3). Pure.

What the schema does not know as impersonal is personal: fields that a later schema has dropped, and
the ids of rows, which are texts of the client.
"""

from collections.abc import Mapping
from typing import Any

from crmschema.compiler.model import CompiledSchema
from crmschema.documents.normalise import is_grid
from crmschema.documents.paths import index_free
from crmschema.documents.values import Document, JsonValue


def impersonal(compiled: CompiledSchema, document: Document) -> Document:
    """A new document with nothing but the leaves that the schema says are not personal. Containers
    and rows that end up empty are dropped.
    """
    return _members(compiled.impersonal, document, "")


def emptied_change(
    compiled: CompiledSchema,
    stored: Mapping[str, Any],  # Any: JSON values
) -> dict[str, Any]:  # Any: the same
    """The stored form of a change without its personal values: path and marks stay."""
    is_kept = not stored.get("isOrder") and index_free(stored["path"]) in compiled.impersonal
    dropped = {"rowId"} if is_kept else {"rowId", "original", "target"}
    return {key: value for key, value in stored.items() if key not in dropped}


def _members(kept: frozenset[str], document: Document, prefix: str) -> Document:
    found = {key: _value(kept, value, prefix + key) for key, value in document.items()}
    return {key: value for key, value in found.items() if value is not None}


def _value(kept: frozenset[str], value: JsonValue, path: str) -> JsonValue:
    """What stays of a value; None for nothing."""
    if isinstance(value, dict):
        return _members(kept, value, f"{path}.") or None
    if is_grid(value):
        rows = [_members(kept, row, f"{path}.") for row in value]
        return [row for row in rows if row] or None
    return value if path in kept else None
