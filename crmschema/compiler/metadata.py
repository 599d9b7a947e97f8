"""Field and layout metadata in the contract's shape (schema format, 7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crmschema.compiler.model import CompiledSchema, Condition, Field, LayoutElement, Text
from crmschema.compiler.patterns import anchored


def fields_metadata(
    compiled: CompiledSchema,
    language: str,
    *,
    field_keys: Sequence[str] | None = None,
    layout_path_key: str | None = None,
) -> dict[str, Any]:  # Any: a JSON document
    """`FieldsMetadata` of the contract, in schema order, with texts in `language`.

    `field_keys` are exact index-free paths, unknown ones are ignored, none or empty means all.
    `layout_path_key` keeps the fields whose layout path contains that key.
    """
    wanted = frozenset(field_keys or ())
    labels = {element.key: element.label.in_language(language) for element in compiled.layout}
    return {
        "fields": [
            _field(field, language, labels)
            for field in compiled.fields
            if (not wanted or field.path in wanted)
            and (not layout_path_key or layout_path_key in field.layout_path)
        ]
    }


def layout_metadata(compiled: CompiledSchema, language: str) -> dict[str, Any]:  # Any: JSON
    """`LayoutMetadata` of the contract, parents before children, with texts in `language`."""
    return {"fields": [_element(element, language) for element in compiled.layout]}


def _field(field: Field, language: str, labels: dict[str, str]) -> dict[str, Any]:  # Any: JSON
    return {
        "key": field.path,
        "label": field.label.in_language(language),
        "fieldType": field.type.value,
        "listKey": field.list_key,
        "listHierarchyFilterKey": field.list_hierarchy_path,
        "isReadOnly": field.is_read_only,
        "isArrayItem": field.grid is not None,
        "tooltip": _optional(field.tooltip, language),
        "layoutPath": [{"label": labels[key], "key": key} for key in field.layout_path],
        "placeholder": _optional(field.placeholder, language),
        "isRequired": field.is_required,
        "isApprovalRequired": field.is_approval_required,
        **_visibility(field.own_condition, is_hidden=field.is_hidden),
        "validations": _validations(field),
        "currency": field.currency,
        "alias": None if field.alias is None else field.alias.value,
    }


def _element(element: LayoutElement, language: str) -> dict[str, Any]:  # Any: a JSON document
    return {
        "key": element.key,
        "label": element.label.in_language(language),
        "fieldType": element.type.value,
        "parentKey": element.parent_key,
        "tooltip": _optional(element.tooltip, language),
        "isLabelHidden": element.is_label_hidden,
        **_visibility(element.own_condition, is_hidden=element.is_hidden),
    }


def _visibility(condition: Condition | None, *, is_hidden: bool) -> dict[str, Any]:  # Any: JSON
    """Hidden is `isHidden` XOR (the value of `when` equals `eq`), or any ancestor hidden."""
    if condition is None:
        return {"isHidden": is_hidden, "toggleHidden": None}
    toggle = {"when": condition.when, "eq": condition.equals}
    return {"isHidden": condition.show, "toggleHidden": toggle}


def _validations(field: Field) -> dict[str, Any]:  # Any: a JSON document
    return {
        "minLength": field.min_length,
        "maxLength": field.max_length,
        # As the JSON Schema has it: the whole value must match, in every engine alike.
        "regularExpression": None if field.pattern is None else anchored(field.pattern),
        "minDate": _midnight(field.min_date),
        "maxDate": _midnight(field.max_date),
        "minValue": field.minimum,
        "maxValue": field.maximum,
        "decimal": field.decimals,
    }


def _midnight(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"


def _optional(text: Text | None, language: str) -> str | None:
    return None if text is None else text.in_language(language) or None
