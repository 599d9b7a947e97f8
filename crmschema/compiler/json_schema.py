"""Derives the JSON Schema (draft 2020-12) of a schema's documents (schema format, 6 and 9)."""

from collections.abc import Mapping, Sequence
from typing import Final

from crmschema.compiler.model import (
    Field,
    GridNode,
    LayoutElement,
    LeafNode,
    Node,
    ObjectNode,
)
from crmschema.compiler.requirements import Clauses, Requirement, clauses
from crmschema.compiler.value_schemas import JsonSchema, ValueSchemas, annotations
from lists.snapshots import ListSnapshot

ROW_ID: Final[JsonSchema] = {"type": ["string", "null"], "minLength": 1, "maxLength": 64}


def derive_json_schema(
    *,
    key: str,
    root: ObjectNode,
    layout: Sequence[LayoutElement],
    requirements: list[Requirement],
    lists: Mapping[str, ListSnapshot],
) -> JsonSchema:
    """The JSON Schema with titles in the default language."""
    values = ValueSchemas(lists)
    titles = {element.key: element.label.default for element in layout}
    deriver = _Deriver(values, clauses(requirements, values), titles)
    schema = deriver.object(root)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": key,
        **schema,
        "$defs": dict(sorted(values.definitions.items())),
    }


class _Deriver:
    def __init__(self, values: ValueSchemas, rules: Clauses, titles: Mapping[str, str]) -> None:
        self._values, self._rules, self._titles = values, rules, titles

    def object(self, node: ObjectNode) -> JsonSchema:
        """A container, a row or the root, with the conditions that are anchored there."""
        schema: JsonSchema = {
            "type": "object",
            "properties": {key: self._node(child) for key, child in node.children.items()},
        }
        required = [key for key, child in node.children.items() if is_always_required(child)]
        if required:
            schema["required"] = required
        if self._rules.get(node.path):
            schema["allOf"] = self._rules[node.path]
        schema["additionalProperties"] = False
        return schema

    def _node(self, node: Node) -> JsonSchema:
        if isinstance(node, LeafNode):
            return self._leaf(node.field)
        schema = {"title": self._titles[node.path]}
        if isinstance(node, GridNode):
            return schema | self._grid(node)
        schema |= self.object(node)
        return schema if is_always_required(node) else _or_null(schema)

    def _leaf(self, field: Field) -> JsonSchema:
        is_required = is_always_required(LeafNode(field))
        value = self._values.required(field) if is_required else self._values.optional(field)
        return {"title": field.label.default, **value, **annotations(field)}

    def _grid(self, grid: GridNode) -> JsonSchema:
        row = self.object(grid.row)
        row["properties"] = {"id": ROW_ID, **row["properties"]}
        schema: JsonSchema = {"type": "array", "items": row}
        is_required = is_always_required(grid)
        least = max(grid.min_rows or 0, 1 if is_required else 0)
        if least:
            schema["minItems"] = least
        if grid.max_rows is not None:
            schema["maxItems"] = grid.max_rows
        return schema if is_required else _or_null(schema)


def _or_null(schema: JsonSchema) -> JsonSchema:
    return {**schema, "type": [schema["type"], "null"]}


def is_always_required(node: Node) -> bool:
    """Whether the node must be there whatever the rest of the document says.

    A container must be there when something in it must, since its absence would hide that.
    """
    if isinstance(node, LeafNode):
        field = node.field
        return field.is_required and not field.conditions and not field.is_hidden
    if isinstance(node, GridNode):
        return node.is_required and not node.conditions
    return any(is_always_required(child) for child in node.children.values())
