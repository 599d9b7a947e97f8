"""From a schema's text to a `CompiledSchema`."""

from collections.abc import Mapping
from typing import Any

from crmschema.compiler.model import CompiledSchema
from lists.snapshots import ListSnapshot


def compile_schema(
    *,
    key: str,
    token: int,
    schema: str | Mapping[str, Any],  # Any: a JSON document
    lists: Mapping[str, ListSnapshot],
) -> CompiledSchema:
    """Compile one version of a schema."""
    raise NotImplementedError
