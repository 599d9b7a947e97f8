"""The verdict on a document."""

from collections.abc import Mapping
from typing import Any

from crmschema.compiler.model import CompiledSchema
from crmschema.validation.errors import DetailError


def validate(
    compiled: CompiledSchema,
    document: Mapping[str, Any],  # Any: a JSON document
    *,
    for_member: bool,
    stored: Mapping[str, Any] | None = None,  # Any: a JSON document
) -> list[DetailError]:
    """All errors of a normalised document."""
    raise NotImplementedError
