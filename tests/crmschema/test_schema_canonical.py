"""The canonical form: what a save stores."""

import json
from typing import Any
from uuid import UUID

import pytest
from schema_builders import DEMO, component, form, select

from crmschema.compiler import canonical
from crmschema.exceptions import SchemaInvalid

FIXED = UUID("11111111-1111-4111-8111-111111111111")
UID = str(FIXED)


def canonical_component(raw: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = canonical(form(raw), new_uid=lambda: FIXED)["components"][0]
    return result


def test_demo_schemas_lose_defaults_only() -> None:
    assert canonical((DEMO / "legalentity.json").read_text()) == json.loads(
        (DEMO / "legalentity.json").read_text()
    )
    source = json.loads((DEMO / "contact.json").read_text())
    name = source["components"][0]["components"][0]["components"][0]

    result = canonical(source)

    assert result["components"][0]["components"][0]["components"][0] == name
    assert canonical(result) == result


def test_builder_noise_and_defaults_are_dropped() -> None:
    noisy = component(
        "textfield",
        "a",
        tableView=True,
        persistent=True,
        properties={"x": "y"},
        attributes={"onclick": "x"},
        tags=["x"],
        widget={"type": "input"},
        validateWhenHidden=False,
        description="",
        hidden=False,
        disabled=False,
        multiple=False,
        clearOnHide=True,
        hideLabel=False,
        defaultValue="",
        logic=[],
        customConditional="",
        conditional={"show": None, "when": None, "eq": ""},
        validate={
            "required": False,
            "custom": "",
            "minLength": "",
            "pattern": "",
            "maxLength": "9",
        },
        crm={
            "uid": UID,
            "isReadOnly": False,
            "isPersonalData": True,
            "alias": "",
            "i18n": {"de": {}},
        },
    )

    assert canonical_component(noisy) == {
        "type": "textfield",
        "key": "a",
        "input": True,
        "label": "A",
        "validate": {"maxLength": 9},
        "crm": {"uid": UID},
    }


def test_empty_translations_are_dropped() -> None:
    i18n = {"de": {"label": "A", "tooltip": ""}, "fr": {"label": ""}, "it": None}

    assert canonical_component(component("textfield", "a", crm={"i18n": i18n}))["crm"] == {
        "uid": UID,
        "i18n": {"de": {"label": "A"}},
    }


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (component("hidden", "a"), {"type": "textfield", "hidden": True}),
        (component("phoneNumber", "a"), {"inputMask": ""}),
        (component("phoneNumber", "a", inputMask="999"), {"inputMask": "999"}),
        (component("currency", "a"), {"currency": "USD", "decimalLimit": 2}),
        (component("currency", "a", decimalLimit=0), {"decimalLimit": 0}),
        (component("tags", "a", maxTags=0), {"storeas": "array"}),
        (component("checkbox", "a", defaultValue=True), {"defaultValue": True}),
        (component("textfield", "a", multiple=True), {"multiple": True}),
        (component("textfield", "a", defaultValue=["x", 1]), {"defaultValue": ["x", 1]}),
        (component("number", "a", validate={"min": "-1.50"}), {"validate": {"min": -1.5}}),
        (
            select("a", template="<span>{{ item.label }}</span>", data={"values": [{"x": 1}]}),
            {"dataSrc": "values", "data": {"values": []}, "dataType": "string"},
        ),
        (component("datetime", "a", enableTime=False), {"enableTime": False}),
        (
            component("datetime", "a", datePicker={"minDate": "2024-01-31T00:00:00Z", "x": 1}),
            {"datePicker": {"minDate": "2024-01-31"}},
        ),
        (component("container", "a", hideLabel=False), {"hideLabel": False, "tree": True}),
        (component("panel", "a", hideLabel=True, title="T"), {"hideLabel": True, "title": "T"}),
    ],
)
def test_conversions(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    result = canonical_component(raw)

    assert {name: result[name] for name in expected} == expected
    assert canonical_component(result) == result


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"show": "true", "when": "b", "eq": "x"}, (True, "x")),
        ({"show": "false", "when": "b", "eq": True}, (False, "true")),
        ({"show": True, "when": "b", "eq": False}, (True, "false")),
        ({"show": True, "when": "b", "eq": 5}, (True, "5")),
        (
            {
                "show": True,
                "conjunction": "all",
                "conditions": [{"component": "b", "operator": "isEqual", "value": "x"}],
            },
            (True, "x"),
        ),
        (
            {
                "show": True,
                "conditions": [{"component": "b", "operator": "isNotEqual", "value": 1}],
            },
            (False, "1"),
        ),
        (
            {
                "show": False,
                "conditions": [{"component": "b", "operator": "isNotEqual", "value": "x"}],
            },
            (True, "x"),
        ),
    ],
)
def test_conditions_get_one_shape(raw: dict[str, Any], expected: tuple[bool, str]) -> None:
    result = canonical_component(component("textfield", "a", conditional=raw))

    assert result["conditional"] == {"show": expected[0], "when": "b", "eq": expected[1]}


def test_missing_and_repeated_uids_come_from_the_factory() -> None:
    uids = iter([UUID(int=1), UUID(int=2)])
    schema = form(
        component("textfield", "a"),
        component("textfield", "b", crm={"uid": UID.upper()}),
        component("textfield", "c", crm={"uid": UID}),
    )

    result = canonical(schema, new_uid=lambda: next(uids))

    assert [raw["crm"]["uid"] for raw in result["components"]] == [
        str(UUID(int=1)),
        UID,
        str(UUID(int=2)),
    ]


def test_missing_uids_are_random_by_default() -> None:
    first, second = (canonical(form(component("textfield", "a"))) for _ in range(2))

    uids = [UUID(raw["components"][0]["crm"]["uid"]) for raw in (first, second)]
    assert uids[0] != uids[1]
    assert [uid.version for uid in uids] == [4, 4]


def test_panes_keep_geometry_labels_and_translations() -> None:
    text = component("textfield", "a", crm={"uid": UID})
    columns = component(
        "columns",
        "c",
        columns=[
            {
                "components": [],
                "width": 6,
                "offset": -1,
                "push": "x",
                "currentWidth": 6,
                "size": "md",
            }
        ],
    )
    tabs = component(
        "tabs",
        "t",
        components=[
            {"key": "x", "label": "X", "components": None, "crm": {"i18n": {"de": {"label": "Y"}}}},
            {"key": "y", "label": "Y", "crm": {"i18n": None}},
        ],
    )
    table = component("table", "b", numRows=1, rows=[[{"components": [text]}]])

    assert canonical_component(columns)["columns"] == [{"width": 6, "size": "md", "components": []}]
    assert canonical_component(tabs)["components"] == [
        {"key": "x", "label": "X", "crm": {"i18n": {"de": {"label": "Y"}}}, "components": []},
        {"key": "y", "label": "Y", "components": []},
    ]
    cell = canonical_component(table)["rows"][0][0]["components"][0]
    assert (cell["key"], canonical_component(table)["numRows"]) == ("a", 1)


def test_component_problems_refuse_the_canonical_form() -> None:
    with pytest.raises(SchemaInvalid) as refusal:
        canonical(form(component("survey", "s")))

    assert refusal.value.properties is not None
    assert refusal.value.properties["errors"][0]["code"] == "TypeUnsupported"


def test_input_is_not_changed() -> None:
    raw = form(component("hidden", "a", validate={"required": "", "minLength": "3"}))
    before = json.dumps(raw)

    canonical(raw)

    assert json.dumps(raw) == before
