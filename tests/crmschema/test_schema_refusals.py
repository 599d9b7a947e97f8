"""S3: what a schema is refused for, each with component path and code, all at once."""

import json
from typing import Any

import pytest
from schema_builders import (
    LISTS,
    codes_of,
    component,
    form,
    list_snapshot,
    problems_of,
    select,
    shown_when,
)

from config.common.exceptions import ErrorKind
from crmschema.compiler import compile_schema
from crmschema.exceptions import SchemaInvalid

TEXT = component("textfield", "a")
FIRST = "components[0]"


def text(key: str, **properties: Any) -> dict[str, Any]:
    return component("textfield", key, **properties)


def grid(key: str, *components: Any, **properties: Any) -> dict[str, Any]:
    return component("datagrid", key, components=list(components), **properties)


SINGLE: list[tuple[Any, str]] = [
    ("no object", "PropertyInvalid"),
    (component("selectboxes", "a"), "TypeUnsupported"),
    (component("day", "a"), "TypeUnsupported"),
    (component("file", "a"), "TypeUnsupported"),
    (component("address", "a"), "TypeUnsupported"),
    (component("htmlelement", "a"), "TypeUnsupported"),
    (component("button", "a"), "TypeUnsupported"),
    ({"key": "a"}, "TypeUnsupported"),
    ({"key": "a", "type": 5}, "TypeUnsupported"),
    (text("a.b"), "KeyInvalid"),
    (text("A"), "KeyInvalid"),
    (text("a-b"), "KeyInvalid"),
    (text("a\n"), "KeyInvalid"),
    (text("a" * 65), "KeyInvalid"),
    ({"type": "textfield"}, "KeyInvalid"),
    (text("and"), "KeyReserved"),
    (text("id"), "KeyReserved"),
    (text("username"), "KeyReserved"),
    (text("a", customConditional="show = true"), "ScriptForbidden"),
    (text("a", customDefaultValue="value = 1"), "ScriptForbidden"),
    (text("a", calculateValue={"var": "x"}), "ScriptForbidden"),
    (text("a", logic=[{"name": "x"}]), "ScriptForbidden"),
    (text("a", validate={"custom": "valid = true"}), "ScriptForbidden"),
    (text("a", validate={"json": {"==": [1, 1]}}), "ScriptForbidden"),
    (text("a", conditional={"json": {"var": "x"}}), "ScriptForbidden"),
    (select("a", template="<b>{{ item.label }}</b>"), "ScriptForbidden"),
    (select("a", data={"custom": "values = []"}), "ScriptForbidden"),
    (component("datetime", "a", datePicker={"disableFunction": "x"}), "ScriptForbidden"),
    (text("a", **{"$ref": "http://127.0.0.1:9/x"}), "ReferenceForbidden"),
    (text("a", validate={"x": [{"$ref": "#"}]}), "ReferenceForbidden"),
    (component("columns", "a", columns=[{"$ref": "#"}]), "ReferenceForbidden"),
    (text("a", tooltip="<b>x</b>"), "TextForbidden"),
    (text("a", placeholder="{{ x }}"), "TextForbidden"),
    (component("panel", "a", title="<i>"), "TextForbidden"),
    (component("tabs", "a", components=[{"key": "t", "label": "<i>"}]), "TextForbidden"),
    (component("tabs", "a", components=[{"key": "t"}]), "TextForbidden"),
    (text("a", tooltip=5), "PropertyInvalid"),
    (text("a", hidden="yes"), "PropertyInvalid"),
    (text("a", case={"x": 1}), "PropertyInvalid"),
    (text("a", case="<"), "PropertyInvalid"),
    (text("a", defaultValue=[{"x": 1}]), "PropertyInvalid"),
    (text("a", validate=[1]), "PropertyInvalid"),
    (text("a", validate={"minLength": -1}), "PropertyInvalid"),
    (text("a", validate={"maxLength": 0}), "PropertyInvalid"),
    (text("a", validate={"maxLength": 1.5}), "PropertyInvalid"),
    (text("a", validate={"maxLength": "many"}), "PropertyInvalid"),
    (text("a", validate={"required": "true"}), "PropertyInvalid"),
    (text("a", validate={"pattern": 5}), "PropertyInvalid"),
    (component("number", "a", validate={"min": True}), "PropertyInvalid"),
    (component("number", "a", decimalLimit=-1), "PropertyInvalid"),
    (component("currency", "a", currency="Franken"), "PropertyInvalid"),
    (component("currency", "a", currency=5), "PropertyInvalid"),
    (component("checkbox", "a", inputType="radio"), "PropertyInvalid"),
    (component("checkbox", "a", name="b"), "PropertyInvalid"),
    (component("tags", "a", storeas="string"), "PropertyInvalid"),
    (select("a", dataSrc="url"), "PropertyInvalid"),
    (select("a", dataType="number"), "PropertyInvalid"),
    (component("radio", "a", dataType="boolean", crm={"listKey": "colours"}), "PropertyInvalid"),
    (component("datetime", "a", enableDate=False), "PropertyInvalid"),
    (component("datetime", "a", datePicker={"minDate": "moment()"}), "PropertyInvalid"),
    (component("datetime", "a", datePicker={"maxDate": "2023-02-30"}), "PropertyInvalid"),
    (component("datetime", "a", datePicker={"maxDate": 5}), "PropertyInvalid"),
    (component("panel", "a", components={}), ""),
    (component("panel", "a", components="x"), "PropertyInvalid"),
    (component("columns", "a", columns=["x"]), "PropertyInvalid"),
    (component("table", "a", rows=["x"]), "PropertyInvalid"),
    (component("table", "a", rows=[["x"]]), "PropertyInvalid"),
    (component("tabs", "a", components=["x"]), "PropertyInvalid"),
    (component("tabs", "a", components=[{"key": "t", "label": "T", "crm": 5}]), "AttributeInvalid"),
    (
        component("tabs", "a", components=[{"key": "t", "label": "T", "crm": {"alias": "x"}}]),
        "AttributeInvalid",
    ),
    (component("tabs", "a", components=[{"key": "T", "label": "T"}]), "KeyInvalid"),
    (component("email", "a", multiple=True), "MultipleUnsupported"),
    (text("a", crm="x"), "AttributeInvalid"),
    (text("a", crm={"colour": ""}), "AttributeUnknown"),
    (text("a", crm={"uid": "x"}), "AttributeInvalid"),
    (text("a", crm={"uid": 5}), "AttributeInvalid"),
    (text("a", crm={"isReadOnly": "yes"}), "AttributeInvalid"),
    (text("a", crm={"isPersonalData": 0}), "AttributeInvalid"),
    (text("a", crm={"alias": 5}), "AttributeInvalid"),
    (text("a", crm={"i18n": "de"}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"de": "x"}}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"Deutsch!": {"label": "x"}}}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"de": {"title": "x"}}}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"de": {"label": "<x>"}}}), "AttributeInvalid"),
    (text("a", crm={"fieldType": "Percent"}), "AttributeInvalid"),
    (component("number", "a", crm={"fieldType": "Date"}), "AttributeInvalid"),
    (component("panel", "a", crm={"isExportable": True}), "AttributeNotAllowed"),
    (component("container", "a", crm={"alias": "FirstName"}), "AttributeNotAllowed"),
    (text("a", crm={"listKey": "colours"}), "AttributeNotAllowed"),
    (text("a", crm={"listHierarchyFilterKey": "b"}), "AttributeNotAllowed"),
    (component("select", "a"), "ListMissing"),
    (select("a", "unknown"), "ListUnknown"),
    (text("a", crm={"alias": "Nickname"}), "AliasUnknown"),
    (text("a", crm={"alias": "PrimaryEmail"}), "AliasType"),
    (text("a", crm={"isVerificationRequired": True}), "VerificationNotAllowed"),
    (select("a", "shades", crm={"listHierarchyFilterKey": "nowhere"}), "HierarchyInvalid"),
    (select("a", "shades", crm={"listHierarchyFilterKey": "a"}), "HierarchyInvalid"),
    (text("a", validate={"minLength": 3, "maxLength": 2}), "RangeInvalid"),
    (component("number", "a", validate={"min": 3, "max": 2}), "RangeInvalid"),
    (
        component("datetime", "a", datePicker={"minDate": "2024-01-02", "maxDate": "2024-01-01"}),
        "RangeInvalid",
    ),
    (grid("a", validate={"minLength": 3, "maxLength": 2}), "RangeInvalid"),
    (text("a", validate={"pattern": "(?=x)"}), "PatternInvalid"),
    (text("a", conditional="x"), "ConditionInvalid"),
    (text("a", conditional=shown_when("b", "")), "ConditionInvalid"),
    (text("a", conditional=shown_when("b", {})), "ConditionInvalid"),
    (text("a", conditional={"show": None, "when": "b", "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": "", "when": "b", "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": "yes", "when": "b", "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "when": 5, "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "conditions": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "conditions": [1, 2]}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "conditions": [1]}), "ConditionInvalid"),
    (
        text("a", conditional={"show": True, "conditions": [{"operator": "isEmpty"}]}),
        "ConditionInvalid",
    ),
    (text("a", conditional=shown_when("nowhere", "x")), "ConditionUnknownField"),
    (text("a", conditional=shown_when("a", "x")), "ConditionCycle"),
]


@pytest.mark.parametrize(("raw", "code"), SINGLE)
def test_s3_single_component_is_refused_with_its_path(raw: Any, code: str) -> None:
    found = codes_of(raw)

    if not code:
        assert found == []
        return
    assert [found_code for _path, found_code in found] == [code]
    assert found[0][0].startswith(FIRST)


WHOLE: list[tuple[list[Any], tuple[str, str]]] = [
    ([text("a"), text("a")], ("components[1]", "KeyDuplicate")),
    (
        [component("panel", "p", components=[text("a")]), text("a")],
        ("components[1]", "KeyDuplicate"),
    ),
    (
        [component("panel", "p"), component("well", "p")],
        ("components[1]", "LayoutKeyDuplicate"),
    ),
    (
        [component("panel", "p"), component("container", "p", components=[])],
        ("components[1]", "LayoutKeyDuplicate"),
    ),
    (
        [component("container", "c", components=[text("or")])],
        ("components[0].components[0]", "KeyReserved"),
    ),
    (
        [grid("g", component("container", "c", components=[grid("h")]))],
        ("components[0].components[0].components[0]", "GridNested"),
    ),
    (
        [
            component("columns", "c", columns=[{"components": []}, {"components": [text("A")]}]),
        ],
        ("components[0].columns[1].components[0]", "KeyInvalid"),
    ),
    (
        [component("table", "c", rows=[[], [{"components": [text("A")]}]])],
        ("components[0].rows[1][0].components[0]", "KeyInvalid"),
    ),
    (
        [
            component(
                "tabs", "t", components=[{"key": "x", "label": "X", "components": [text("A")]}]
            )
        ],
        ("components[0].components[0].components[0]", "KeyInvalid"),
    ),
    (
        [text("a", crm={"alias": "FirstName"}), text("b", crm={"alias": "FirstName"})],
        ("components[1]", "AliasDuplicate"),
    ),
    (
        [grid("g", text("a", crm={"alias": "FirstName"}))],
        ("components[0].components[0]", "AliasInGrid"),
    ),
    (
        [select("m", multiple=True), select("a", "shades", crm={"listHierarchyFilterKey": "m"})],
        ("components[1]", "HierarchyInvalid"),
    ),
    (
        [grid("g", select("c")), select("a", "shades", crm={"listHierarchyFilterKey": "g.c"})],
        ("components[1]", "HierarchyInvalid"),
    ),
    (
        [text("b"), text("a", hidden=True, conditional=shown_when("b", "x"))],
        ("components[1]", "HiddenConditional"),
    ),
    (
        [grid("g", text("b")), text("a", conditional=shown_when("g.b", "x"))],
        ("components[1]", "ConditionScope"),
    ),
    (
        [grid("g", text("b")), grid("h", text("a", conditional=shown_when("g.b", "x")))],
        ("components[1].components[0]", "ConditionScope"),
    ),
    (
        [grid("g", text("b"), conditional=shown_when("g.b", "x"))],
        ("components[0]", "ConditionScope"),
    ),
    (
        [grid("g", text("b")), text("a", conditional=shown_when("g", "x"))],
        ("components[1]", "ConditionUnknownField"),
    ),
    (
        [component("checkbox", "b"), text("a", conditional=shown_when("b", "yes"))],
        ("components[1]", "ConditionInvalid"),
    ),
    (
        [component("number", "b"), text("a", conditional=shown_when("b", "five"))],
        ("components[1]", "ConditionInvalid"),
    ),
    (
        [component("container", "c", components=[text("b")], conditional=shown_when("c.b", "x"))],
        ("components[0]", "ConditionCycle"),
    ),
]


@pytest.mark.parametrize(("components", "problem"), WHOLE)
def test_s3_schema_is_refused_for_what_its_components_say_together(
    components: list[Any], problem: tuple[str, str]
) -> None:
    assert codes_of(*components) == [problem]


def test_s3_all_problems_come_at_once_with_key_and_message() -> None:
    problems = problems_of(
        form(
            component("survey", "s"),
            text("a", tooltip="<b>"),
            text("a", crm={"alias": "Nickname"}),
            text("b", conditional=shown_when("c", "x")),
            text("c", conditional=shown_when("b", "x")),
        )
    )

    assert [(p["path"], p["key"], p["code"]) for p in problems] == [
        ("components[0]", "s", "TypeUnsupported"),
        ("components[1]", "a", "TextForbidden"),
        ("components[2]", "a", "KeyDuplicate"),
        ("components[2]", "a", "AliasUnknown"),
        ("components[3]", "b", "ConditionCycle"),
        ("components[4]", "c", "ConditionCycle"),
    ]
    assert all(problem["message"] for problem in problems)


def test_s3_two_cycles_are_both_reported() -> None:
    def pair(one: str, other: str) -> list[dict[str, Any]]:
        return [
            text(one, conditional=shown_when(other, "x")),
            text(other, conditional=shown_when(one, "x")),
        ]

    found = codes_of(*pair("a", "b"), *pair("c", "d"))

    assert sorted(found) == [(f"components[{index}]", "ConditionCycle") for index in range(4)]


def test_s3_list_with_numeric_or_boolean_item_keys_is_refused() -> None:
    for keys in (["1"], ["TRUE"], ["FALSE"], ["a"], ["A\n"]):
        lists = {"odd": list_snapshot("odd", keys)}
        raw = form(select("a", "odd"), select("b", "odd"))

        assert [p["code"] for p in problems_of(raw, lists)] == ["ListKeysInvalid"] * 2


def test_s3_more_than_500_fields_are_refused() -> None:
    fields = [text(f"f{number}") for number in range(501)]

    assert codes_of(*fields) == [("", "TooManyFields")]
    assert codes_of(*fields[:500]) == []


def test_s3_more_than_ten_levels_are_refused() -> None:
    def nested(levels: int) -> dict[str, Any]:
        if levels == 1:
            return text("a")
        return component("panel", f"p{levels}", components=[nested(levels - 1)])

    assert codes_of(nested(10)) == []
    path = ".".join(["components[0]"] * 11)
    assert codes_of(nested(11)) == [(path, "TooDeep")]


def test_s3_more_than_one_megabyte_is_refused() -> None:
    raw = form(text("a", tooltip="x" * 1_048_576))

    assert [problem["code"] for problem in problems_of(raw)] == ["TooLarge"]
    assert [problem["code"] for problem in problems_of(json.dumps(raw))] == ["TooLarge"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "JsonInvalid"),
        ("{", "JsonInvalid"),
        ('{"components": [], "components": []}', "JsonInvalid"),
        ('{"components": [NaN]}', "JsonInvalid"),
        ('{"components": [' + "[" * 500 + "]" * 500 + "]}", "JsonInvalid"),
        ("\ud800", "JsonInvalid"),
        ({"components": [object()]}, "JsonInvalid"),
        ("[]", "RootInvalid"),
        ('"{}"', "RootInvalid"),
        ("{}", "RootInvalid"),
        ("null", "RootInvalid"),
        ('{"components": {}}', "RootInvalid"),
        ('{"display": "wizard", "components": []}', "RootInvalid"),
        ('{"$ref": "#", "components": []}', "ReferenceForbidden"),
    ],
)
def test_s3_source_that_is_no_form_definition_is_refused(source: Any, code: str) -> None:
    problems = problems_of(source)

    assert [(problem["path"], problem["code"]) for problem in problems] == [("", code)]


def test_s3_chains_that_would_explode_are_refused() -> None:
    chain = [text("f0")]
    chain += [
        text(f"f{number}", conditional=shown_when(f"f{number - 1}", "x"))
        for number in range(1, 102)
    ]

    assert codes_of(*chain) == [("components[101]", "ConditionTooComplex")]


def test_s3_conditions_entangled_between_grid_and_document_are_refused() -> None:
    outside = [component("checkbox", f"o{number}") for number in range(6)]
    inside: list[Any] = [
        component("checkbox", f"i{number}", conditional=shown_when(f"o{number}", "true"))
        for number in range(6)
    ]
    nested: dict[str, Any] = text("a", validate={"required": True})
    for number in range(6):
        hidden_when = shown_when(f"g.i{number}", "true", show=False)
        nested = component("well", f"w{number}", conditional=hidden_when, components=[nested])

    found = codes_of(*outside, grid("g", *inside, nested))

    assert [code for _path, code in found] == ["ConditionTooComplex"]


def test_s3_many_problems_are_cut_off_but_counted() -> None:
    problems = problems_of(form(*[component("survey", f"s{number}") for number in range(300)]))

    assert len(problems) == 200


def test_s3_refusal_is_a_bad_request() -> None:
    with pytest.raises(SchemaInvalid) as refusal:
        compile_schema(key="test", token=1, schema=form(text("A")), lists={})

    assert refusal.value.kind is ErrorKind.BAD_REQUEST
    assert refusal.value.sub_code == "SchemaInvalid"
    assert refusal.value.properties == {
        "errors": [
            {
                "path": "components[0]",
                "key": "A",
                "code": "KeyInvalid",
                "message": (
                    "A key is a small letter, then up to 63 of A-Z, a-z, 0-9 and underscore."
                ),
            }
        ]
    }


def test_lists_of_the_tests_are_sound() -> None:
    assert problems_of(form(*[select(f"a{i}", key) for i, key in enumerate(LISTS)])) == []
