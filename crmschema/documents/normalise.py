"""The normal form of a document: what is stored is always in it (D3, D8)."""

import unicodedata
from collections.abc import Mapping

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.documents.places import places, with_value
from crmschema.documents.values import Document, JsonValue

_NOTHING: Mapping[str, JsonValue] = {}


def normalise(
    compiled: CompiledSchema,
    document: Mapping[str, JsonValue],
    known: Mapping[str, JsonValue] = _NOTHING,
) -> Document:
    """A new document in normal form: no nulls, no empty objects, arrays or rows, text in NFC, the
    domain of emails in lower case. Nothing else is repaired (D8); what has the wrong type or name
    passes through for validation to refuse. A row that holds nothing but its id stays (D3).

    Parts that are the very objects of `known`, a document in normal form, are shared with it.
    """
    normal = _object(document, known)
    for field in compiled.emails:
        normal = _with_lower_domain(normal, field)
    return normal


def without_empty(document: Mapping[str, JsonValue]) -> Document:
    """The document with what is null or empty dropped, at every level (D3)."""
    return _object(document, _NOTHING)


def is_grid(value: JsonValue) -> bool:
    """Whether a normalised value is a grid: an array of objects. Other arrays are leaves."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _object(members: Mapping[str, JsonValue], known: Mapping[str, JsonValue]) -> Document:
    normal: Document = {}
    for key, value in members.items():
        before = known.get(key)
        kept = value if value is before else _value(value, before)
        if kept is not None:
            normal[key] = kept
    return normal


def _value(value: JsonValue, known: JsonValue = None) -> JsonValue:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return _object(value, known if isinstance(known, dict) else _NOTHING) or None
    if isinstance(value, list):
        return _array(value) or None
    return value


def _array(elements: list[JsonValue]) -> list[JsonValue]:
    rows = [element for element in elements if element is not None]
    if rows and all(isinstance(row, dict) for row in rows):
        return [row for row in map(without_empty, rows) if row]
    return [_element(element) for element in elements]


def _element(element: JsonValue) -> JsonValue:
    """An element of a leaf array: an empty one is wrong there, so that nothing is dropped."""
    normal = _value(element)
    return element if normal is None else normal


def _with_lower_domain(document: Document, field: Field) -> Document:
    for place in places(document, field):
        if isinstance(place.value, str) and "@" in place.value:
            local, _, domain = place.value.rpartition("@")
            if domain != domain.lower():
                document = with_value(document, place.path, f"{local}@{domain.lower()}")
    return document
