"""Hostile and careless schemas on the API (SC rows): refused, and the old schema stays."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from contacts.models import Contact
from crmschema.models import CrmSchema, CrmSchemaVersion
from tests.factories.checks import save_accepting
from tests.factories.effort import cpu_seconds
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, grid, shown_when, tiny_components, tiny_details
from tests.factories.submissions import submit

TINY = "/v1.0/crm/schemas/tiny"


def put(world: World, text: str, token: int = 1) -> Any:
    return world.api().put(TINY, {"schema": text, "concurrencyToken": token})


def codes(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["subCode"]) == (400, "SchemaInvalid")
    assert CrmSchemaVersion.objects.count() == 1
    return [(each["path"], each["code"]) for each in answer.json()["properties"]["errors"]]


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*b", "([a-z]+)*=", "(?=a)a", r"(a)\1"])
def test_sc_01_patterns_never_take_long(world: World, pattern: str) -> None:
    text = form(component("textfield", "x", validate={"pattern": pattern}))

    def try_it() -> None:
        answer = put(world, text)
        if answer.status_code == 200:
            contact = world.contact({})
            value = "a" * 50_000 + "!"
            path = f"/v1.0/contacts/{contact.pk}/details"
            refused = world.api().patch(path, {"details": {"x": value}})
            assert refused.status_code == 400
        else:
            assert codes(answer) == [("components[0]", "PatternInvalid")]

    # Backtracking would take longer than the universe has.
    assert cpu_seconds(try_it, tries=1) < 30


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def test_sc_03_nothing_is_fetched(world: World, listener: socket.socket) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    root = json.dumps({"components": [], "$ref": address})
    inside = form({**component("textfield", "x"), "$ref": address})

    assert codes(put(world, root)) == [("", "ReferenceForbidden")]
    assert codes(put(world, inside)) == [("components[0]", "ReferenceForbidden")]
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize("reference", ["#", "#/components/0", "#/$defs/a"])
def test_sc_05_references_are_refused(world: World, reference: str) -> None:
    text = form({**component("textfield", "x"), "$ref": reference})

    assert codes(put(world, text)) == [("components[0]", "ReferenceForbidden")]


def test_sc_06_json_schema_keywords_mean_nothing_in_a_schema(world: World) -> None:
    doubled: dict[str, Any] = {"type": "string"}
    for _ in range(8):
        doubled = {"allOf": [doubled, doubled]}

    answer = put(world, form({**component("textfield", "x"), **doubled, "type": "textfield"}))

    assert answer.status_code == 200
    assert "allOf" not in CrmSchema.objects.get(key="tiny").schema
    mismatch = world.api().put(
        TINY,
        {"schema": form(), "concurrencyToken": 2, "jsonSchema": json.dumps(doubled)},
    )
    assert mismatch.json()["subCode"] == "JsonSchemaMismatch"


def test_sc_07_too_much_is_refused_soon(world: World) -> None:
    many = form(*(component("textfield", f"f{number}") for number in range(10_000)))
    deep = component("textfield", "leaf")
    for number in range(11):
        deep = component("panel", f"p{number}", components=[deep])
    bottomless = '{"components":' + '[{"components":' * 250 + "[]" + "}]" * 250 + "}"

    fields = codes(put(world, many))
    levels = codes(put(world, form(deep)))
    nested = codes(put(world, bottomless))
    huge = world.api().put(TINY, b'{"schema":"' + b"x" * (10 * 1024 * 1024) + b'"}')

    # 10,000 fields are above 1 MB or above 500, whichever is seen first.
    assert fields in ([("", "TooManyFields")], [("", "TooLarge")])
    assert [code for _, code in levels] == ["TooDeep"]
    assert nested == [("", "JsonInvalid")]
    assert huge.status_code == 413
    for text in (many, form(deep), bottomless):
        assert cpu_seconds(lambda text=text: put(world, text), tries=1) < 30


def test_sc_13_stored_documents_stay_readable_and_other_fields_writable(world: World) -> None:
    contact = world.contact(tiny_details(nickname="longer"))
    components = tiny_components()
    components[0]["components"][6]["validate"] = {"maxLength": 3}
    components[0]["components"].append(component("textfield", "added", validate={"required": True}))
    text = form(*components)

    assert put(world, text).json()["subCode"] == "BreakingChange"
    save_accepting(text)

    path = f"/v1.0/contacts/{contact.pk}/details"
    assert world.api().get(path).json()["details"]["person"]["nickname"] == "longer"
    submit(world.actor(), contact, {"person": {"height": 180}})
    assert Contact.objects.get(pk=contact.pk).details["person"]["height"] == 180
    answer = world.api().patch(path, {"details": {"person": {"nickname": "even longer"}}})
    assert [each["code"] for each in answer.json()["properties"]["errors"]] == ["MaxLength"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (component("textfield", "x", validate={"minLength": 5, "maxLength": 4}), "RangeInvalid"),
        (component("number", "x", validate={"min": 5, "max": 4}), "RangeInvalid"),
        (
            component(
                "datetime", "x", datePicker={"minDate": "2001-01-01", "maxDate": "2000-01-01"}
            ),
            "RangeInvalid",
        ),
        (
            grid("x", component("textfield", "y"), validate={"minLength": 3, "maxLength": 2}),
            "RangeInvalid",
        ),
        (component("number", "x", decimalLimit=-1), "PropertyInvalid"),
        (component("number", "x", decimalLimit=1.5), "PropertyInvalid"),
        (component("unknown", "x"), "TypeUnsupported"),
        (component("number", "x", crm={"fieldType": "Money"}), "AttributeInvalid"),
        (component("select", "x", crm={"listKey": "nations"}), "ListUnknown"),
        (component("select", "x"), "ListMissing"),
    ],
)
def test_sc_16_contradictions_are_refused(world: World, bad: dict[str, Any], code: str) -> None:
    assert ("components[0]", code) in codes(put(world, form(bad)))


def test_sc_17_conditions_that_lead_nowhere_are_refused(world: World) -> None:
    cycle = form(
        component("textfield", "a", conditional=shown_when("b", "x")),
        component("textfield", "b", conditional=shown_when("a", "x")),
    )
    unknown = form(component("textfield", "a", conditional=shown_when("nowhere", "x")))

    assert {code for _, code in codes(put(world, cycle))} == {"ConditionCycle"}
    assert codes(put(world, unknown)) == [("components[0]", "ConditionUnknownField")]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<b>", "{{ instance.root }}"])
@pytest.mark.parametrize("name", ["label", "tooltip", "placeholder", "description"])
def test_sc_19_texts_are_plain(world: World, name: str, text: str) -> None:
    answer = put(world, form({**component("textfield", "x"), name: text}))

    assert codes(answer) == [("components[0]", "TextForbidden")]


LONG_TEXTS = [
    ({"label": "x" * 201}, "“label” has 201 characters; 200 are possible."),
    ({"tooltip": "x" * 2_001}, "“tooltip” has 2,001 characters; 2,000 are possible."),
    ({"description": "x" * 2_001}, "“description” has 2,001 characters; 2,000 are possible."),
    ({"placeholder": "x" * 501}, "“placeholder” has 501 characters; 500 are possible."),
    ({"inputMask": "9" * 201}, "“inputMask” has 201 characters; 200 are possible."),
    ({"defaultValue": ["x" * 2_001]}, "“defaultValue” has 2,001 characters; 2,000 are possible."),
    (
        {"crm": {"i18n": {"de": {"label": "x" * 201}}}},
        "“crm.i18n.de.label” has 201 characters; 200 are possible.",
    ),
    (
        {"crm": {"i18n": {"de" + "-x1234567" * 4: {"label": "x"}}}},
        "“crm.i18n.de-x1234567-x1234567-x1234567-x1234” has 38 characters; 35 are possible.",
    ),
]


@pytest.mark.parametrize(("properties", "message"), LONG_TEXTS)
def test_sc_19_long_texts_are_refused_with_place_and_length(
    world: World, properties: dict[str, Any], message: str
) -> None:
    answer = put(world, form({**component("textfield", "x"), **properties}))

    assert codes(answer) == [("components[0]", "TextTooLong")]
    assert answer.json()["properties"]["errors"][0]["message"] == message
    assert answer.json()["message"] == "The schema has 1 problem."


def test_sc_19_texts_of_layout_have_limits_too(world: World) -> None:
    tab = {"key": "t", "label": "x" * 201, "crm": {"i18n": {"de": {"tooltip": "x" * 2_001}}}}
    condition = {"show": True, "when": "x", "eq": "x" * 2_001}
    fields = [component("textfield", "x"), component("textfield", "y", conditional=condition)]
    answer = put(
        world,
        form(
            {"type": "panel", "key": "p", "label": "P", "title": "x" * 201, "components": fields},
            {"type": "fieldset", "key": "f", "label": "F", "legend": "x" * 201, "components": []},
            {
                "type": "tabs",
                "key": "tabs",
                "label": "T",
                "components": [{**tab, "components": []}],
            },
            component("currency", "c", prefix="x" * 51, suffix="x" * 50),
        ),
    )

    assert codes(answer) == [
        ("components[0]", "TextTooLong"),
        ("components[0].components[1]", "TextTooLong"),
        ("components[1]", "TextTooLong"),
        ("components[2].components[0]", "TextTooLong"),
        ("components[2].components[0]", "TextTooLong"),
        ("components[3]", "TextTooLong"),
    ]


def test_sc_19_too_many_initial_values_and_languages_are_refused(world: World) -> None:
    languages = [f"{first}{second}" for first in "abc" for second in "abcdefghijklmnopqrstuvwxyz"]
    i18n = {language: {"label": "x"} for language in languages[:51]}

    values = put(world, form(component("tags", "x", defaultValue=["x"] * 101)))
    translations = put(world, form(component("textfield", "x", crm={"i18n": i18n})))

    assert codes(values) == [("components[0]", "PropertyInvalid")]
    assert codes(translations) == [("components[0]", "AttributeInvalid")]


def test_sc_19_a_version_from_before_the_limits_stays_readable(world: World) -> None:
    """Its texts are refused with the next save only, which names them."""
    long = form(component("textfield", "x", label="x" * 100_000))
    CrmSchemaVersion.objects.create(crm_schema=tiny(), token=2, schema=long)
    CrmSchema.objects.filter(key="tiny").update(schema=long, concurrency_token=2)

    read = world.api().get(TINY)
    fields = world.api().post(f"{TINY}/fields-metadata", {}).json()["fields"]
    refused = put(world, long, token=2)
    repaired = put(world, form(component("textfield", "x", label="X")), token=2)

    assert read.status_code == 200
    assert len(fields[0]["label"]) == 100_000
    assert [each["code"] for each in refused.json()["properties"]["errors"]] == ["TextTooLong"]
    assert (repaired.status_code, repaired.json()) == (200, {"concurrencyToken": 3})


def tiny() -> CrmSchema:
    return CrmSchema.objects.get(key="tiny")


@pytest.mark.parametrize("name", ["a\u0000", "\ud800", "x" * 10_000])
def test_fz_names_of_lists_that_no_database_holds_are_refused(world: World, name: str) -> None:
    raw = json.dumps({"components": [component("select", "x", crm={"listKey": name})]})

    answer = put(world, raw)

    assert (answer.status_code, answer.json()["subCode"]) == (400, "SchemaInvalid")
    assert CrmSchemaVersion.objects.count() == 1


@pytest.mark.parametrize(
    "properties",
    [
        {"type": "select", "crm": {"listKey": "colours"}, "dataSrc": {"a": 1}},
        {"type": "radio", "crm": {"listKey": "colours"}, "dataType": ["string"]},
        {"type": "tags", "storeas": ["array"]},
        {"type": "checkbox", "inputType": {"checkbox": True}},
    ],
)
def test_fz_objects_where_a_text_is_chosen_are_refused(
    world: World, properties: dict[str, Any]
) -> None:
    answer = put(world, form({"key": "x", "label": "X", **properties}))

    assert set(codes(answer)) == {("components[0]", "PropertyInvalid")}


def test_fz_the_size_of_a_column_is_dropped_where_it_is_none(world: World) -> None:
    column = {"components": [component("textfield", "x")], "size": ["md"], "width": 6}

    answer = put(world, form({"type": "columns", "key": "c", "label": "C", "columns": [column]}))

    assert answer.status_code == 200
    [stored] = json.loads(tiny().schema)["components"][0]["columns"]
    assert stored.keys() == {"components", "width"}


def test_s3_problems_of_components_and_of_the_whole_come_in_one_answer(world: World) -> None:
    answer = put(
        world,
        form(
            component("textfield", "x", tooltip="<b>"),
            component("textfield", "x"),
            component("textfield", "y", conditional=shown_when("nowhere", "x")),
        ),
    )

    assert codes(answer) == [
        ("components[0]", "TextForbidden"),
        ("components[1]", "KeyDuplicate"),
        ("components[2]", "ConditionUnknownField"),
    ]
    assert answer.json()["message"] == "The schema has 3 problems."


def test_sc_19_texts_come_out_as_they_went_in(world: World) -> None:
    label = "a & b > c \" ' " + "x" * 180

    assert put(world, form(component("textfield", "x", label=label))).status_code == 200

    fields = world.api().post(f"{TINY}/fields-metadata", {}).json()["fields"]
    assert fields[0]["label"] == label
