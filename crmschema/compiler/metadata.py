"""Field and layout metadata in the contract's shape."""

from collections.abc import Sequence
from typing import Any

from crmschema.compiler.model import CompiledSchema


def fields_metadata(
    compiled: CompiledSchema,
    language: str,
    *,
    field_keys: Sequence[str] | None = None,
    layout_path_key: str | None = None,
) -> dict[str, Any]:  # Any: a JSON document
    """`FieldsMetadata` of the contract."""
    raise NotImplementedError


def layout_metadata(compiled: CompiledSchema, language: str) -> dict[str, Any]:  # Any: JSON
    """`LayoutMetadata` of the contract."""
    raise NotImplementedError
