"""Every component type of the format: field type, JSON Schema, effective flags."""

from typing import Any

import pytest
from schema_builders import compiled, component, select, shown_when

from crmschema.compiler.model import Alias, FieldType, LayoutType
from crmschema.compiler.patterns import NON_BLANK

CASES: list[tuple[dict[str, Any], FieldType, dict[str, Any], dict[str, Any]]] = [
    (
        component("textfield", "a", validate={"minLength": 2, "maxLength": 9, "pattern": "[a-z]+"}),
        FieldType.TEXT,
        {
            "type": "string",
            "minLength": 2,
            "maxLength": 9,
            "allOf": [{"pattern": NON_BLANK}, {"pattern": "^(?:[a-z]+)$"}],
        },
        {
            "type": ["string", "null"],
            "minLength": 2,
            "maxLength": 9,
            "pattern": "^(?:[a-z]+)$",
        },
    ),
    (
        component("textarea", "a", rows=3),
        FieldType.TEXT_AREA,
        {"type": "string", "minLength": 1, "pattern": NON_BLANK},
        {"type": ["string", "null"]},
    ),
    (
        component("email", "a", validate={"maxLength": 99}),
        FieldType.EMAIL,
        {"type": "string", "$ref": "#/$defs/email", "maxLength": 99},
        {
            "anyOf": [
                {"type": "string", "$ref": "#/$defs/email", "maxLength": 99},
                {"type": "null"},
            ]
        },
    ),
    (
        component("url", "a"),
        FieldType.URL,
        {"type": "string", "$ref": "#/$defs/url"},
        {"anyOf": [{"type": "string", "$ref": "#/$defs/url"}, {"type": "null"}]},
    ),
    (
        component("phoneNumber", "a"),
        FieldType.PHONE,
        {"type": "string", "$ref": "#/$defs/phone"},
        {"anyOf": [{"type": "string", "$ref": "#/$defs/phone"}, {"type": "null"}]},
    ),
    (
        component("number", "a", validate={"integer": True, "min": "0", "max": 9}),
        FieldType.INTEGER,
        {"type": "integer", "minimum": 0, "maximum": 9},
        {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
    ),
    (
        component("number", "a", decimalLimit=0),
        FieldType.INTEGER,
        {"type": "integer"},
        {"type": ["integer", "null"]},
    ),
    (
        component("number", "a", validate={"min": -1.5}),
        FieldType.DECIMAL,
        {"type": "number", "minimum": -1.5},
        {"type": ["number", "null"], "minimum": -1.5},
    ),
    (
        component("number", "a", decimalLimit=1, crm={"fieldType": "Percent"}),
        FieldType.PERCENT,
        {"type": "number", "x-crm-decimal": 1},
        {"type": ["number", "null"], "x-crm-decimal": 1},
    ),
    (
        component("currency", "a", currency="CHF"),
        FieldType.CURRENCY,
        {"type": "number", "x-crm-currency": "CHF", "x-crm-decimal": 2},
        {"type": ["number", "null"], "x-crm-currency": "CHF", "x-crm-decimal": 2},
    ),
    (
        component("checkbox", "a"),
        FieldType.BOOLEAN,
        {"type": "boolean", "const": True},
        {"type": ["boolean", "null"]},
    ),
    (
        component("datetime", "a", enableTime=False),
        FieldType.DATE,
        {"type": "string", "$ref": "#/$defs/date"},
        {"anyOf": [{"type": "string", "$ref": "#/$defs/date"}, {"type": "null"}]},
    ),
    (
        component("datetime", "a"),
        FieldType.DATE_TIME,
        {"type": "string", "$ref": "#/$defs/dateTime"},
        {"anyOf": [{"type": "string", "$ref": "#/$defs/dateTime"}, {"type": "null"}]},
    ),
    (
        select("a"),
        FieldType.LIST,
        {"$ref": "#/$defs/list.colours"},
        {"anyOf": [{"$ref": "#/$defs/list.colours"}, {"type": "null"}]},
    ),
    (
        component("radio", "a", crm={"listKey": "colours"}),
        FieldType.LIST,
        {"$ref": "#/$defs/list.colours"},
        {"anyOf": [{"$ref": "#/$defs/list.colours"}, {"type": "null"}]},
    ),
    (
        select("a", multiple=True),
        FieldType.MULTI_LIST,
        {
            "type": "array",
            "items": {"$ref": "#/$defs/list.colours"},
            "uniqueItems": True,
            "minItems": 1,
        },
        {
            "type": ["array", "null"],
            "items": {"$ref": "#/$defs/list.colours"},
            "uniqueItems": True,
        },
    ),
    (
        component("tags", "a", maxTags=3),
        FieldType.ARRAY,
        {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "maxItems": 3,
            "minItems": 1,
        },
        {"type": ["array", "null"], "items": {"type": "string", "minLength": 1}, "maxItems": 3},
    ),
    (
        component("textfield", "a", multiple=True, validate={"maxLength": 5}),
        FieldType.ARRAY,
        {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 5},
            "minItems": 1,
        },
        {"type": ["array", "null"], "items": {"type": "string", "minLength": 1, "maxLength": 5}},
    ),
]


def _required(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "validate": {**raw.get("validate", {}), "required": True}}


@pytest.mark.parametrize(("raw", "field_type", "required", "optional"), CASES)
def test_component_becomes_field_and_json_schema(
    raw: dict[str, Any],
    field_type: FieldType,
    required: dict[str, Any],
    optional: dict[str, Any],
) -> None:
    for is_required, fragment in ((True, required), (False, optional)):
        schema = compiled(_required(raw) if is_required else raw)

        assert schema.fields[0].type is field_type
        assert schema.json_schema["properties"]["a"] == {"title": "A", **fragment}
        assert schema.json_schema.get("required") == (["a"] if is_required else None)


def test_hidden_component_is_a_hidden_text_that_is_never_required() -> None:
    schema = compiled(component("hidden", "a", validate={"required": True}))

    assert schema.fields[0].type is FieldType.TEXT
    assert schema.fields[0].is_hidden is True
    assert "required" not in schema.json_schema


def test_s6_enum_holds_inactive_items_and_long_lists_hold_the_grammar() -> None:
    schema = compiled(select("a"), select("b", "many"))

    definitions = schema.json_schema["$defs"]
    assert definitions["list.colours"] == {
        "type": "string",
        "enum": ["RED", "GREEN", "OLD", "OLDER"],
    }
    assert definitions["list.many"] == {
        "type": "string",
        "pattern": "^[A-Z][A-Z0-9_.-]{0,63}$",
        "x-crm-listKey": "many",
    }


def test_d4_rows_have_an_optional_id() -> None:
    schema = compiled(component("datagrid", "rows", components=[component("textfield", "a")]))

    rows = schema.json_schema["properties"]["rows"]
    assert rows["type"] == ["array", "null"]
    assert rows["items"]["type"] == "object"
    assert rows["items"]["properties"]["id"] == {
        "type": ["string", "null"],
        "minLength": 1,
        "maxLength": 64,
    }
    assert rows["items"]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, {}),
        ({"minLength": 2}, {"minItems": 2}),
        ({"required": True}, {"minItems": 1}),
        ({"required": True, "minLength": 3, "maxLength": 4}, {"minItems": 3, "maxItems": 4}),
    ],
)
def test_grid_bounds(rules: dict[str, Any], expected: dict[str, Any]) -> None:
    schema = compiled(component("editgrid", "rows", validate=rules, components=[]))

    rows = schema.json_schema["properties"]["rows"]
    assert {name: rows[name] for name in ("minItems", "maxItems") if name in rows} == expected
    assert schema.grids["rows"].is_required is rules.get("required", False)


def test_required_leaf_makes_its_containers_required_but_not_its_grid() -> None:
    leaf = component("textfield", "a", validate={"required": True})
    schema = compiled(
        component(
            "container", "outer", components=[component("container", "c", components=[leaf])]
        ),
        component(
            "container", "free", components=[component("datagrid", "rows", components=[leaf])]
        ),
    )

    assert schema.json_schema["required"] == ["outer"]
    assert schema.json_schema["properties"]["outer"]["required"] == ["c"]
    assert schema.json_schema["properties"]["free"]["type"] == ["object", "null"]


def test_flags_of_ancestors_count_for_fields() -> None:
    inner = component(
        "panel", "p", crm={"isReadOnly": True}, components=[component("textfield", "a")]
    )
    schema = compiled(
        component(
            "container",
            "c",
            clearOnHide=False,
            hidden=True,
            crm={"isApprovalRequired": True},
            components=[inner, component("datagrid", "rows", components=[component("url", "u")])],
        ),
        component("textfield", "b"),
    )

    field = schema.by_path["c.a"]
    assert (field.is_read_only, field.is_approval_required, field.is_hidden) == (True, True, True)
    assert field.clear_on_hide is False
    assert schema.by_path["c.rows.u"].is_approval_required is True
    assert schema.grids["c.rows"].holds_approval is True
    free = schema.by_path["b"]
    assert (free.is_read_only, free.is_approval_required, free.is_hidden) == (False, False, False)
    assert free.clear_on_hide is True


def test_layouts_add_nothing_to_paths_and_keep_their_place_in_the_layout() -> None:
    def text(key: str) -> dict[str, Any]:
        return component("textfield", key)

    schema = compiled(
        component("panel", "p", title="Shown", components=[text("a")]),
        component("fieldset", "f", legend="Legend", components=[text("b")]),
        component("well", "w", components=[text("c")]),
        component(
            "columns", "co", columns=[{"components": [text("d")]}, {"components": [text("e")]}]
        ),
        component("table", "t", rows=[[{"components": [text("f")]}], [{"components": []}]]),
        component(
            "tabs", "ta", components=[{"key": "one", "label": "One", "components": [text("g")]}]
        ),
    )

    assert [field.path for field in schema.fields] == list("abcdefg")
    assert [(e.key, e.type, e.parent_key, e.label.default) for e in schema.layout] == [
        ("p", LayoutType.PANEL, None, "Shown"),
        ("f", LayoutType.FIELD_SET, None, "Legend"),
        ("w", LayoutType.WELL, None, "W"),
        ("co", LayoutType.COLUMNS, None, "Co"),
        ("co.1", LayoutType.COLUMN, "co", ""),
        ("co.2", LayoutType.COLUMN, "co", ""),
        ("t", LayoutType.COLUMNS, None, "T"),
        ("t.1", LayoutType.COLUMN, "t", ""),
        ("t.2", LayoutType.COLUMN, "t", ""),
        ("ta", LayoutType.TABS, None, "Ta"),
        ("one", LayoutType.TAB, "ta", "One"),
    ]
    assert schema.by_path["e"].layout_path == ("co.2",)
    assert schema.by_path["g"].layout_path == ("ta", "one")


def test_aliases_lists_and_attributes_reach_the_fields() -> None:
    schema = compiled(
        component(
            "email",
            "mail",
            crm={"alias": "PrimaryEmail", "isVerificationRequired": True, "isPersonalData": False},
        ),
        select("colour", crm={"isExportable": True, "isFilterable": True}),
        select("shade", "shades", crm={"listHierarchyFilterKey": "colour"}),
    )

    assert schema.by_alias == {Alias.PRIMARY_EMAIL: schema.by_path["mail"]}
    assert schema.by_path["mail"].is_verification_required is True
    assert schema.by_path["mail"].is_personal_data is False
    assert schema.by_path["colour"].is_exportable is True
    assert schema.by_path["colour"].is_filterable is True
    assert schema.by_path["shade"].list_hierarchy_path == "colour"
    assert sorted(schema.lists) == ["colours", "shades"]
    assert [field.key for field in schema.server_checked] == ["colour", "shade"]


def test_read_only_is_an_annotation() -> None:
    schema = compiled(component("textfield", "a", crm={"isReadOnly": True}))

    assert schema.json_schema["properties"]["a"]["readOnly"] is True


def test_date_bounds_are_patterns_of_dates_and_date_times() -> None:
    picker = {"minDate": "1900-01-01T12:00:00+01:00", "maxDate": "2099-12-31"}
    schema = compiled(
        component("datetime", "d", enableTime=False, datePicker=picker),
        component("datetime", "t", datePicker=picker),
    )

    for day, is_valid in [
        ("1899-12-31", False),
        ("1900-01-01", True),
        ("2099-12-31", True),
        ("2100-01-01", False),
    ]:
        assert schema.validator.is_valid({"d": day}) is is_valid
        assert schema.validator.is_valid({"t": f"{day}T23:59:59Z"}) is is_valid


def test_same_input_gives_the_same_result() -> None:
    raw = component("container", "c", components=[component("textfield", "a")])

    first, second = compiled(raw), compiled(raw)

    assert first.fields == second.fields
    assert first.json_schema == second.json_schema


def test_condition_shared_by_ancestor_and_field_counts_once() -> None:
    condition = shown_when("on", "true")
    schema = compiled(
        component("checkbox", "on"),
        component(
            "panel",
            "p",
            conditional=condition,
            components=[
                component("textfield", "a", conditional=condition),
            ],
        ),
    )

    assert len(schema.by_path["a"].conditions) == 1
    assert schema.conditional == (schema.by_path["a"],)
