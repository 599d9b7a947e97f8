"""Errors of documents: codes, paths, server-only checks (D2, S6)."""

import json
from typing import Any

import pytest
from schema_builders import DEMO, compiled, component, demo_lists, select, shown_when

from crmschema.compiler import compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.validation import ErrorCode, validate
from crmschema.validation.errors import MESSAGES

REQUIRED = {"required": True}
Found = list[tuple[str, str]]


def text(key: str, **properties: Any) -> dict[str, Any]:
    return component("textfield", key, **properties)


def errors_of(schema: CompiledSchema, document: dict[str, Any], **options: Any) -> Found:
    errors = validate(schema, document, **{"for_member": False, **options})
    return [(error.path, error.code) for error in errors]


DAY = {"minDate": "2000-01-01", "maxDate": "2009-12-31"}


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        (text("a"), 5, "Type"),
        (text("a", validate=REQUIRED), " \t", "Required"),
        (text("a", validate=REQUIRED), "", "Required"),
        (text("a", validate={"pattern": "[a-z]+"}), "A", "Pattern"),
        (text("a", validate={"pattern": "[a-z]+", **REQUIRED}), "A", "Pattern"),
        (text("a", validate={"minLength": 2}), "x", "MinLength"),
        (text("a", validate={"maxLength": 2}), "xxx", "MaxLength"),
        (component("number", "a"), "5", "Type"),
        (component("number", "a", validate={"integer": True}), 1.5, "Type"),
        (component("number", "a"), True, "Type"),
        (component("number", "a", validate={"min": 1}), 0, "Minimum"),
        (component("number", "a", validate={"max": 1}), 2, "Maximum"),
        (component("checkbox", "a"), "true", "Type"),
        (component("checkbox", "a", validate=REQUIRED), False, "Required"),
        (component("email", "a"), "nobody", "Format"),
        (component("email", "a"), "a" * 65 + "@example.com", "Format"),
        (component("email", "a", validate={"pattern": "[a-z@.]+"}), "A@example.com", "Pattern"),
        (component("phoneNumber", "a"), "044 333 44 55", "Format"),
        (component("url", "a"), "example", "Format"),
        (component("datetime", "a", enableTime=False), "2023-02-30", "Format"),
        (component("datetime", "a"), "2023-02-28", "Format"),
        (component("datetime", "a", enableTime=False, datePicker=DAY), "1999-12-31", "Minimum"),
        (component("datetime", "a", enableTime=False, datePicker=DAY), "2010-01-01", "Maximum"),
        (component("datetime", "a", enableTime=False, datePicker=DAY), "1999-02-30", "Format"),
        (component("datetime", "a", datePicker=DAY), "1999-12-31T00:00:00Z", "Minimum"),
        (
            component("datetime", "a", datePicker={"maxDate": "2009-12-31"}),
            "2010-01-01T00:00:00Z",
            "Maximum",
        ),
        (select("a"), "BLUE", "NotInList"),
        (select("a"), 5, "Type"),
        (select("a", validate=REQUIRED), "BLUE", "NotInList"),
        (select("a", "many"), "blue", "NotInList"),
        (select("a", "many"), "M999", "NotInList"),
        (select("a", "many", multiple=True), ["M1", "M999"], "NotInList"),
        (select("a", multiple=True), ["BLUE", "PINK"], "NotInList"),
        (select("a", multiple=True), ["RED", "RED"], "UniqueItems"),
        (select("a", multiple=True), "RED", "Type"),
        (select("a", multiple=True), [5], "Type"),
        (component("tags", "a", maxTags=1), ["x", "y"], "MaxItems"),
        (component("tags", "a"), ["x", 5], "Type"),
        (component("tags", "a", validate=REQUIRED), [], "Required"),
        (component("number", "a", decimalLimit=2), 1.005, "Decimals"),
        (component("currency", "a"), 1e-07, "Decimals"),
        (component("container", "a", components=[]), "x", "Type"),
        (component("datagrid", "a", components=[]), {}, "Type"),
        (component("datagrid", "a", components=[], validate={"minLength": 2}), [{}], "MinItems"),
        (
            component("datagrid", "a", components=[], validate={"maxLength": 1}),
            [{}, {}],
            "MaxItems",
        ),
    ],
)
def test_d2_wrong_value_has_one_error_at_its_path(
    raw: dict[str, Any], value: Any, code: str
) -> None:
    schema = compiled(raw)

    [error] = validate(schema, {"a": value}, for_member=False)

    assert (error.path, error.code, error.field_path, error.row) == ("a", code, "a", None)
    assert error.message == MESSAGES[ErrorCode(code)]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (component("number", "a", decimalLimit=2), 19.99),
        (component("number", "a", decimalLimit=2), 0.07),
        (component("number", "a", decimalLimit=2), 5),
        (component("number", "a", decimalLimit=0, crm={"fieldType": "Percent"}), 5.0),
        (component("number", "a", validate={"integer": True}), 5.0),
        (component("currency", "a"), 123456789012.25),
        (text("a", validate={"maxLength": 2}), "😀😀"),
        (component("checkbox", "a"), False),
        (select("a", "many"), "M300"),
    ],
)
def test_d2_right_value_has_no_error(raw: dict[str, Any], value: Any) -> None:
    assert errors_of(compiled(raw), {"a": value}) == []


def test_d2_missing_values_are_named_themselves_also_below_missing_containers() -> None:
    inner = component(
        "container",
        "inner",
        components=[
            text("b", validate=REQUIRED),
            component("datagrid", "g", validate=REQUIRED, components=[]),
        ],
    )
    schema = compiled(
        component("container", "c", components=[text("a", validate=REQUIRED), inner, text("free")])
    )

    assert errors_of(schema, {}) == [
        ("c.a", "Required"),
        ("c.inner.b", "Required"),
        ("c.inner.g", "Required"),
    ]


def test_d4_errors_in_rows_have_index_and_row() -> None:
    container = component("container", "k", components=[text("b", validate=REQUIRED)])
    grid = component("datagrid", "g", components=[text("a", validate=REQUIRED), container])
    schema = compiled(component("container", "c", components=[grid]))

    errors = validate(
        schema, {"c": {"g": [{"a": "x", "k": {"b": "x"}}, {"a": "x"}, {"x": 1}]}}, for_member=False
    )

    assert {(error.path, error.code, error.field_path, error.row) for error in errors} == {
        ("c.g[1].k.b", "Required", "c.g.k.b", 1),
        ("c.g[2].a", "Required", "c.g.a", 2),
        ("c.g[2].k.b", "Required", "c.g.k.b", 2),
        ("c.g[2].x", "UnknownField", "c.g.x", 2),
    }


def test_d4_row_ids() -> None:
    schema = compiled(component("datagrid", "g", components=[text("a")]))
    rows = [{"id": "1"}, {"id": "1"}, {"id": ""}, {"id": "x" * 65}, {"id": 5}, {}, "odd"]

    assert errors_of(schema, {"g": rows}) == [
        ("g[2].id", "MinLength"),
        ("g[3].id", "MaxLength"),
        ("g[4].id", "Type"),
        ("g[6]", "Type"),
        ("g[1].id", "RowIdNotUnique"),
    ]


def test_d2_unknown_fields_are_errors_and_long_names_are_cut() -> None:
    schema = compiled(component("container", "c", components=[]), text("a"))

    assert errors_of(schema, {"b": 1, "c": {"d": 1}, "x" * 99: 1}) == [
        ("c.d", "UnknownField"),
        ("b", "UnknownField"),
        ("x" * 64, "UnknownField"),
    ]


def test_d2_messages_and_codes_never_hold_the_value() -> None:
    secret = "very secret value"
    schema = compiled(
        text("a", validate={"maxLength": 2, "pattern": "[0-9]"}),
        component("email", "b"),
        select("c"),
    )

    errors = validate(schema, dict.fromkeys("abc", secret), for_member=False)

    assert len(errors) == 4
    assert secret not in repr(errors)


def test_d1_read_only_fields_are_required_of_apps_only() -> None:
    read_only = {"isReadOnly": True}
    schema = compiled(
        text("a", validate=REQUIRED, crm=read_only),
        text("b", validate=REQUIRED),
        component(
            "container",
            "c",
            components=[text("d", validate=REQUIRED, crm=read_only)],
        ),
        component(
            "datagrid",
            "g",
            crm=read_only,
            validate=REQUIRED,
            components=[component("container", "k", components=[text("x")])],
        ),
        component("datagrid", "h", validate=REQUIRED, components=[text("x")]),
    )

    assert [path for path, _code in errors_of(schema, {})] == ["a", "b", "g", "h", "c.d"]
    assert errors_of(schema, {}, for_member=True) == [("b", "Required"), ("h", "Required")]


def test_d6_hidden_fields_are_never_required() -> None:
    schema = compiled(
        component("checkbox", "on"),
        text("a", validate=REQUIRED, conditional=shown_when("on", "true")),
        text("b", validate=REQUIRED, hidden=True),
    )

    assert errors_of(schema, {}) == []
    assert errors_of(schema, {"on": True}) == [("a", "Required")]
    assert errors_of(schema, {"a": 5}) == [("a", "Type")]


@pytest.mark.parametrize(
    ("stored", "is_refused"),
    [
        (None, True),
        ({}, True),
        ({"a": "RED"}, True),
        ({"a": "OLDER"}, True),
        ({"a": "OLD"}, False),
    ],
)
def test_s6_inactive_item_is_fine_where_it_is_stored(
    stored: dict[str, Any] | None, is_refused: bool
) -> None:
    expected = [("a", "InactiveItem")] if is_refused else []

    assert errors_of(compiled(select("a")), {"a": "OLD"}, stored=stored) == expected


def test_s6_inactive_items_of_a_multi_list_are_judged_one_by_one() -> None:
    schema = compiled(select("a", multiple=True))

    assert errors_of(schema, {"a": ["OLD", "RED"]}, stored={"a": ["OLD"]}) == []
    assert errors_of(schema, {"a": ["OLD", "OLDER"]}, stored={"a": ["OLD"]}) == [
        ("a", "InactiveItem")
    ]


def test_s6_stored_rows_are_found_by_id_else_by_position() -> None:
    schema = compiled(
        component(
            "datagrid", "g", components=[component("container", "k", components=[select("a")])]
        )
    )
    old: dict[str, Any] = {"k": {"a": "OLD"}}

    def errors(rows: list[Any], stored: list[Any]) -> Found:
        return errors_of(schema, {"g": rows}, stored={"g": stored})

    assert errors([{"id": "2"}, {"id": "1", **old}], [{"id": "1", **old}]) == []
    assert errors([{"id": "1", **old}], [{"id": "2", **old}]) == [("g[0].k.a", "InactiveItem")]
    assert errors([old], [old]) == []
    assert errors([{}, old], [old]) == [("g[1].k.a", "InactiveItem")]
    assert errors([old, old], [{}, old]) == [("g[0].k.a", "InactiveItem")]


def test_hierarchy_in_the_document_and_in_rows() -> None:
    def shade(parent: str) -> dict[str, Any]:
        return select("s", "shades", crm={"listHierarchyFilterKey": parent})

    outside = compiled(select("c"), shade("c"))
    assert errors_of(outside, {"c": "RED", "s": "ROSE"}) == []
    assert errors_of(outside, {"c": "RED", "s": "LIME"}) == [("s", "ListHierarchy")]
    assert errors_of(outside, {"s": "LIME"}) == [("s", "ListHierarchy")]
    assert errors_of(outside, {"s": "PURE"}) == []
    assert errors_of(outside, {"c": "RED", "s": 5}) == [("s", "Type")]

    in_rows = compiled(component("datagrid", "g", components=[select("c"), shade("g.c")]))
    rows = [{"c": "RED", "s": "ROSE"}, {"c": "GREEN", "s": "ROSE"}]
    assert errors_of(in_rows, {"g": rows}) == [("g[1].s", "ListHierarchy")]

    across = compiled(select("c"), component("datagrid", "g", components=[shade("c")]))
    assert errors_of(across, {"c": "RED", "g": [{"s": "ROSE"}, {"s": "LIME"}]}) == [
        ("g[1].s", "ListHierarchy")
    ]


@pytest.fixture(scope="module")
def contact() -> CompiledSchema:
    source = (DEMO / "contact.json").read_text()
    return compile_schema(key="contact", token=1, schema=source, lists=demo_lists())


def test_demo_legal_entity_compiles() -> None:
    source = (DEMO / "legalentity.json").read_text()
    schema = compile_schema(key="legalentity", token=1, schema=source, lists=demo_lists())

    assert 20 <= len(schema.fields) <= 25
    assert [alias.value for alias in schema.by_alias] == ["LegalName"]
    assert list(schema.grids) == ["details.ubos"]


def test_demo_contact_has_what_the_format_says_of_it(contact: CompiledSchema) -> None:
    assert len(contact.fields) == 49
    assert len(contact.grids) == 2
    assert len(contact.by_alias) == 7
    assert sum(field.is_approval_required for field in contact.fields) == 14
    assert sum(field.is_exportable for field in contact.fields) == 16
    assert sum(field.is_read_only for field in contact.fields) == 3
    assert sum(field.is_required for field in contact.fields) == 28
    assert len({field.own_condition for field in contact.fields if field.own_condition}) == 7
    json.dumps(contact.json_schema)
