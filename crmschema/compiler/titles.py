"""The derived JSON Schema with titles in another language (schema format, 11)."""

from typing import Any

from crmschema.compiler.model import CompiledSchema, GridNode, LeafNode, Node, ObjectNode
from crmschema.compiler.value_schemas import JsonSchema


def json_schema_in(compiled: CompiledSchema, language: str) -> JsonSchema:
    """`compiled.json_schema` with every title in `language`, else in the default language.

    Nothing but titles differs; what has none is shared with the original, so it is for reading.
    """
    labels = {element.key: element.label.in_language(language) for element in compiled.layout}
    return _object(dict(compiled.json_schema), compiled.root, labels, language)


def _object(
    schema: JsonSchema, node: ObjectNode, labels: dict[str, str], language: str
) -> JsonSchema:
    members: dict[str, Any] = schema["properties"]  # Any: JSON documents
    titled = {
        key: _node(members[key], child, labels, language) for key, child in node.children.items()
    }
    return {**schema, "properties": {**members, **titled}}


def _node(schema: JsonSchema, node: Node, labels: dict[str, str], language: str) -> JsonSchema:
    if isinstance(node, LeafNode):
        return {**schema, "title": node.field.label.in_language(language)}
    titled = {**schema, "title": labels[node.path]}
    if isinstance(node, GridNode):
        return {**titled, "items": _object(schema["items"], node.row, labels, language)}
    return _object(titled, node, labels, language)
