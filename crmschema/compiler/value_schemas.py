"""The JSON Schema of single values (schema format, 6)."""

from collections.abc import Mapping
from typing import Any, Final

from crmschema.compiler.model import Field, FieldType
from crmschema.compiler.patterns import (
    DATE_PATTERN,
    DATE_TIME_PATTERN,
    EMAIL_LOCAL_PATTERN,
    EMAIL_MAX_LENGTH,
    EMAIL_PATTERN,
    ITEM_KEY_PATTERN,
    NON_BLANK,
    PHONE_PATTERN,
    URL_PATTERN,
    anchored,
    date_bound_pattern,
)
from lists.snapshots import ListSnapshot

MAX_INLINED_ITEMS: Final = 300
LIST_DEFINITION_PREFIX: Final = "list."

JsonSchema = dict[str, Any]  # Any: a JSON document

_DEFINITIONS: Final[Mapping[FieldType, tuple[str, JsonSchema]]] = {
    FieldType.DATE: ("date", {"type": "string", "format": "date", "pattern": DATE_PATTERN}),
    FieldType.DATE_TIME: (
        "dateTime",
        {"type": "string", "format": "date-time", "pattern": DATE_TIME_PATTERN},
    ),
    FieldType.EMAIL: (
        "email",
        {
            "type": "string",
            "format": "email",
            "maxLength": EMAIL_MAX_LENGTH,
            "pattern": EMAIL_PATTERN,
            "allOf": [{"pattern": EMAIL_LOCAL_PATTERN}],
        },
    ),
    FieldType.PHONE: ("phone", {"type": "string", "pattern": PHONE_PATTERN}),
    FieldType.URL: ("url", {"type": "string", "format": "uri", "pattern": URL_PATTERN}),
}
_TEXTS: Final = frozenset({FieldType.TEXT, FieldType.TEXT_AREA})


class ValueSchemas:
    """Schemas of values; collects the definitions that they refer to."""

    def __init__(self, lists: Mapping[str, ListSnapshot]) -> None:
        self._lists = lists
        self.definitions: dict[str, JsonSchema] = {}

    def required(self, field: Field) -> JsonSchema:
        """The field's value where it is required: never null, blank, empty or unticked."""
        schema = self._present(field, is_required=True)
        if field.type is FieldType.BOOLEAN:
            schema["const"] = True
        elif schema.get("type") == "array":
            schema["minItems"] = 1
        return schema

    def optional(self, field: Field) -> JsonSchema:
        """The field's value where it may also be null, which is the same as missing."""
        schema = self._present(field, is_required=False)
        if "$ref" in schema:
            return {"anyOf": [schema, {"type": "null"}]}
        return {**schema, "type": [schema["type"], "null"]}

    def _present(self, field: Field, *, is_required: bool) -> JsonSchema:
        if field.type is FieldType.BOOLEAN:
            return {"type": "boolean"}
        if field.type is FieldType.LIST:
            return self._item(field)
        if field.type is FieldType.MULTI_LIST:
            return {"type": "array", "items": self._item(field), "uniqueItems": True}
        if field.type is FieldType.ARRAY:
            items = {"type": "string", **_text_rules(field, is_required=True, may_be_blank=True)}
            return _compact(type="array", items=items, maxItems=field.max_items)
        if field.type in _TEXTS:
            return {"type": "string", **_text_rules(field, is_required=is_required)}
        if field.type in _DEFINITIONS:
            return self._formatted(field)
        kind = "integer" if field.type is FieldType.INTEGER else "number"
        return _compact(type=kind, minimum=field.minimum, maximum=field.maximum)

    def _item(self, field: Field) -> JsonSchema:
        name = f"{LIST_DEFINITION_PREFIX}{field.list_key}"
        if name not in self.definitions:
            self.definitions[name] = _list_definition(self._lists[str(field.list_key)])
        return {"$ref": f"#/$defs/{name}"}

    def _formatted(self, field: Field) -> JsonSchema:
        name, definition = _DEFINITIONS[field.type]
        self.definitions[name] = definition
        schema: JsonSchema = {"type": "string", "$ref": f"#/$defs/{name}"}
        is_date_time = field.type is FieldType.DATE_TIME
        bounds = [
            {"pattern": date_bound_pattern(bound, is_minimum=is_minimum, is_date_time=is_date_time)}
            for bound, is_minimum in ((field.min_date, True), (field.max_date, False))
            if bound is not None
        ]
        if bounds:
            schema["allOf"] = bounds
        return {**schema, **_text_rules(field, is_required=False)}


def annotations(field: Field) -> JsonSchema:
    """What only people and forms read."""
    is_decimal = field.decimals is not None and field.type is not FieldType.INTEGER
    schema = _compact(**{"x-crm-currency": field.currency})
    if is_decimal:
        schema["x-crm-decimal"] = field.decimals
    if field.is_read_only:
        schema["readOnly"] = True
    return schema


def _text_rules(field: Field, *, is_required: bool, may_be_blank: bool = False) -> JsonSchema:
    least = max(field.min_length or 0, 1 if is_required else 0)
    patterns = [NON_BLANK] if is_required and not may_be_blank else []
    if field.pattern is not None:
        patterns.append(anchored(field.pattern))
    schema = _compact(minLength=least or None, maxLength=field.max_length)
    if len(patterns) == 1:
        schema["pattern"] = patterns[0]
    elif patterns:
        schema["allOf"] = [{"pattern": pattern} for pattern in patterns]
    return schema


def _list_definition(snapshot: ListSnapshot) -> JsonSchema:
    """All items, inactive ones too (S6), unless they are too many to be sent along."""
    if len(snapshot.items) <= MAX_INLINED_ITEMS:
        return {"type": "string", "enum": list(snapshot.items)}
    return {"type": "string", "pattern": ITEM_KEY_PATTERN, "x-crm-listKey": snapshot.key}


def _compact(**members: Any) -> JsonSchema:  # Any: JSON values
    return {name: value for name, value in members.items() if value is not None}
