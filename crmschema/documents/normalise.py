"""The normal form of a document: what is stored is always in it (D3, D8)."""

import unicodedata
from collections.abc import Mapping

from crmschema.compiler.model import CompiledSchema
from crmschema.documents.values import Document, JsonValue


def normalise(compiled: CompiledSchema, document: Mapping[str, JsonValue]) -> Document:
    """A new document in normal form: no nulls, no empty objects, arrays or rows, text in NFC, the
    domain of emails in lower case. Nothing else is repaired (D8); what has the wrong type or name
    passes through for validation to refuse. A row that holds nothing but its id stays (D3).
    """
    normal = _object(document)
    for path in compiled.email_paths:
        _lower_domain(normal, path.split("."))
    return normal


def without_empty(document: Mapping[str, JsonValue]) -> Document:
    """The document with what is null or empty dropped, at every level (D3)."""
    return _object(document)


def is_grid(value: JsonValue) -> bool:
    """Whether a normalised value is a grid: an array of objects. Other arrays are leaves."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _object(members: Mapping[str, JsonValue]) -> Document:
    normal: Document = {}
    for key, value in members.items():
        kept = _value(value)
        if kept is not None:
            normal[key] = kept
    return normal


def _value(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return _object(value) or None
    if isinstance(value, list):
        return _array(value) or None
    return value


def _array(elements: list[JsonValue]) -> list[JsonValue]:
    rows = [element for element in elements if element is not None]
    if rows and all(isinstance(row, dict) for row in rows):
        return [row for row in map(_object, rows) if row]
    return [element if element is None else _element(element) for element in elements]


def _element(element: JsonValue) -> JsonValue:
    """An element of a leaf array: an empty one is wrong there, so that nothing is dropped."""
    normal = _value(element)
    return element if normal is None else normal


def _lower_domain(node: JsonValue, keys: list[str]) -> None:
    if isinstance(node, list):
        for row in node:
            _lower_domain(row, keys)
        return
    if not isinstance(node, dict) or keys[0] not in node:
        return
    if len(keys) > 1:
        _lower_domain(node[keys[0]], keys[1:])
        return
    address = node[keys[0]]
    if isinstance(address, str) and "@" in address:
        local, _, domain = address.rpartition("@")
        node[keys[0]] = f"{local}@{domain.lower()}"
