"""Comparing the JSON Schema that a client sends along with those that were derived (S1)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from config.common.exceptions import BadRequest
from config.common.json import parse_strict
from crmschema.compiler.value_schemas import LIST_DEFINITION_PREFIX

Json = Any  # Any: JSON of every shape


def is_same_json_schema(text: str, *derived: Mapping[str, Json]) -> bool:
    """Whether the JSON text says what one of the derived JSON Schemas says.

    Titles are in the language of whoever read it, and the items of lists as they were then: both
    are left out. What is no JSON equals nothing.
    """
    try:
        sent = parse_strict(text.encode(), max_depth=settings.MAX_SCHEMA_JSON_DEPTH)
    except BadRequest:
        return False
    comparable = _comparable(sent)
    return any(comparable == _comparable(each) for each in derived)


def _comparable(node: Json) -> Json:
    """The value in a form whose equality is that of JSON, without titles and list items."""
    if isinstance(node, Mapping):
        return {
            name: None if name.startswith(LIST_DEFINITION_PREFIX) else _comparable(value)
            for name, value in node.items()
            # A property of that name has an object as its value.
            if not (name == "title" and isinstance(value, str))
        }
    if isinstance(node, list):
        return [_comparable(element) for element in node]
    # Python takes True for 1; JSON takes 1.0 for 1.
    return (node,) if isinstance(node, bool) else node
