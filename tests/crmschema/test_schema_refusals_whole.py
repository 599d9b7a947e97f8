"""S3: what a schema is refused for as a whole: references, limits, cycles, sources."""

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
from crmschema.compiler import compile_draft, compile_schema
from crmschema.exceptions import SchemaInvalid


def text(key: str, **properties: Any) -> dict[str, Any]:
    return component("textfield", key, **properties)


def grid(key: str, *components: Any, **properties: Any) -> dict[str, Any]:
    return component("datagrid", key, components=list(components), **properties)


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

    assert refusal(raw) == refusal(json.dumps(raw)) == [TOO_LARGE]


def test_s3_what_the_server_adds_counts_for_the_size_too() -> None:
    """Each component gets a uid: of 600 kB would be stored 1.3 MB."""
    raw = form(*({"type": "container", "key": f"c{n}", "label": "x"} for n in range(11_000)))
    fits = form(*raw["components"][:7_000])

    assert 11_000 * 45 < len(json.dumps(raw)) < 700_000
    assert refusal(raw) == [TOO_LARGE]
    assert refusal(fits) == []


def test_s4_a_stored_version_compiles_whatever_its_size() -> None:
    """One that was saved before the size of what is stored counted is not lost."""
    stored = form(text("a", tooltip="x" * 1_048_576))

    assert problems_of(stored) == problems_of(json.dumps(stored)) == []


def refusal(raw: dict[str, Any] | str) -> list[dict[str, Any]]:
    """What a save of this is refused for."""
    try:
        compile_draft(key="test", token=1, schema=raw, lists=LISTS, stored=None)
    except SchemaInvalid as error:
        return list((error.properties or {})["errors"])
    return []


TOO_LARGE = {
    "path": "",
    "key": None,
    "code": "TooLarge",
    "message": "The schema is larger than 1 MB.",
}


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
