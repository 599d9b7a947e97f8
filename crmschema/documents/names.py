"""What a document calls its target (D12)."""

from typing import Final

from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.documents.places import value_at
from crmschema.documents.values import Document

NAME_PARTS: Final = (Alias.FIRST_NAME, Alias.LAST_NAME, Alias.LEGAL_NAME)


def display_name(compiled: CompiledSchema, document: Document) -> str | None:
    """The name that the document gives: the display name field, None without one.

    A name that the server composes may not be in the document yet, when it was written before the
    schema had it: it is what the next write will compose.
    """
    name = text_of(compiled, document, Alias.DISPLAY_NAME)
    if name is None and is_always_composed(compiled):
        return composed_of(compiled, document)
    return name


def is_always_composed(compiled: CompiledSchema) -> bool:
    """Whether every document has a composed name: one that a condition hides stays away (D6)."""
    field = compiled.composed_name
    return field is not None and not field.conditions


def composed_of(compiled: CompiledSchema, document: Document) -> str | None:
    """First and last name, else the legal name, cut to the field's length."""
    parts = [(text_of(compiled, document, alias) or "").strip() for alias in NAME_PARTS]
    *person, legal_name = parts
    name = " ".join(part for part in person if part) or legal_name
    field = compiled.composed_name
    limit = field.max_length if field else None
    return name[:limit].strip() or None


def text_of(compiled: CompiledSchema, document: Document, alias: Alias) -> str | None:
    """The text in the field with an alias; None without the field, or without a text in it."""
    field = compiled.by_alias.get(alias)
    value = value_at(document, field.path) if field else None
    return value if isinstance(value, str) else None
