"""What a document calls its target (D12)."""

from typing import Final

from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.documents.places import value_at
from crmschema.documents.values import Document

PERSON: Final = (Alias.FIRST_NAME, Alias.LAST_NAME)
NAME_PARTS: Final = (*PERSON, Alias.LEGAL_NAME)


def display_name(compiled: CompiledSchema, document: Document) -> str | None:
    """The name that the document gives: the display name field, None without one.

    A name that the server composes may not be in the document yet, when it was written before the
    schema had it: it is what the next write will compose.
    """
    field = compiled.by_alias.get(Alias.DISPLAY_NAME)
    value = value_at(document, field.path) if field else None
    if isinstance(value, str):
        return value
    return composed_of(compiled, document) if is_always_composed(compiled) else None


def is_always_composed(compiled: CompiledSchema) -> bool:
    """Whether every document has a composed name: one that a condition hides stays away (D6)."""
    field = compiled.composed_name
    return field is not None and not field.conditions


def composed_of(compiled: CompiledSchema, document: Document) -> str | None:
    """First and last name, else the legal name, cut to the field's length."""
    person = [_text(compiled, document, alias) for alias in PERSON]
    name = " ".join(part for part in person if part) or _text(compiled, document, Alias.LEGAL_NAME)
    field = compiled.composed_name
    limit = field.max_length if field else None
    return name[:limit].strip() or None


def _text(compiled: CompiledSchema, document: Document, alias: Alias) -> str:
    field = compiled.by_alias.get(alias)
    value = value_at(document, field.path) if field else None
    return value.strip() if isinstance(value, str) else ""
