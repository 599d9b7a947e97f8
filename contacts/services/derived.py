"""The columns beside a document that follow from it by its schema: computed here alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from config.common.text import fold
from contacts.targets import TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Document, display_name, search_values
from crmschema.selectors import compiled_at

MAX_NAME_LENGTH = 300


def schema_columns(
    compiled: CompiledSchema, document: Document, username: str | None, uid: UUID
) -> dict[str, Any]:  # Any: column values
    """The values of `SCHEMA_COLUMNS` of a target."""
    return {
        "search": search_values(compiled, document),
        **names_of(compiled, document, username, uid),
    }


def stored_columns(state: TargetState) -> Mapping[str, Any]:  # Any: column values
    """The same of a target as it stands: what the latest write of its details would have stored
    under the schema of `state`. An anonymised one keeps its name (N3).
    """
    compiled = compiled_at(state.schema)
    columns = schema_columns(compiled, state.details, state.username, state.uid)
    if state.is_anonymised:
        return columns | name_columns(anonymised_name(state.ref.id))
    return columns


def names_of(
    compiled: CompiledSchema, document: Document, username: str | None, uid: UUID
) -> dict[str, str]:
    """The columns of a name: the one in the document, else the username, else the uid (D12)."""
    return name_columns(display_name(compiled, document) or username or str(uid))


def name_columns(name: str) -> dict[str, str]:
    """The columns of a name that is given."""
    shown = name[:MAX_NAME_LENGTH]
    return {"display_name": shown, "display_name_folded": fold(shown)[: 2 * MAX_NAME_LENGTH]}


def anonymised_name(target_id: int) -> str:
    """What an anonymised target is called (N3)."""
    return f"Anonymised {target_id}"
