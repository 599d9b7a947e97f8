"""What of a schema decides which names and filter values its documents have."""

from typing import NamedTuple

from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.documents.names import NAME_PARTS, is_always_composed


class Derivation(NamedTuple):
    """The places that `display_name` and `search_values` look at: each filter with the grid it is
    in, and for a composed name its parts and its greatest length.

    Under two schemas with the same derivation, any document has the same name and filter values.
    """

    name: str | None
    composed: tuple[str | int | None, ...]
    searched: frozenset[tuple[str, str | None]]


def derivation(compiled: CompiledSchema) -> Derivation:
    """That of a schema."""
    return Derivation(
        name=_path(compiled, Alias.DISPLAY_NAME),
        composed=_composed(compiled),
        searched=frozenset((field.path, field.grid) for field in compiled.filterable),
    )


def _composed(compiled: CompiledSchema) -> tuple[str | int | None, ...]:
    field = compiled.composed_name
    if field is None or not is_always_composed(compiled):
        return ()
    return (field.max_length, *(_path(compiled, alias) for alias in NAME_PARTS))


def _path(compiled: CompiledSchema, alias: Alias) -> str | None:
    field = compiled.by_alias.get(alias)
    return field.path if field else None
