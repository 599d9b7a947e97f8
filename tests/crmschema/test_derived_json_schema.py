"""The JSON Schema that comes with a save agrees with the schema, or the save is refused (S1)."""

import json
import unicodedata
from typing import Any

import pytest

from tests.crmschema.tiny_calls import LOCALISED, TINY, derived, put, stored
from tests.factories.fixtures import World
from tests.factories.lists import list_revisions
from tests.factories.schemas import tiny_schema


def test_s1_null_the_current_and_the_new_json_schema_pass(world: World) -> None:
    current = derived(world)

    assert put(world, LOCALISED, 1, jsonSchema=json.dumps(current)).status_code == 200
    new = derived(world, "de")
    assert put(world, LOCALISED, 2, jsonSchema=None).status_code == 200
    assert put(world, LOCALISED, 3, jsonSchema=json.dumps(new, indent=3)).status_code == 200
    new["title"] = new["properties"]["person"]["title"] = "Another title"
    new["properties"]["amount"] |= {"minimum": 0.0}
    assert put(world, LOCALISED, 4, jsonSchema=json.dumps(new)).status_code == 200
    assert stored()[1] == 5


def test_s1_the_json_schema_passes_letter_by_letter_as_it_was_read(world: World) -> None:
    """Patterns name spaces that NFC makes other spaces of."""
    read = world.api().get(TINY).json()
    assert not unicodedata.is_normalized("NFC", read["jsonSchema"])

    answer = put(world, read["schema"], 1, jsonSchema=read["jsonSchema"])

    assert (answer.status_code, stored()[1]) == (200, 2)


def test_s1_items_of_lists_do_not_count(world: World) -> None:
    sent = derived(world)
    sent["$defs"]["list.colours"] = {"type": "string", "enum": ["RED"]}

    assert put(world, tiny_schema(), jsonSchema=json.dumps(sent)).status_code == 200
    assert list_revisions(["colours"]).keys() == {"colours"}


def without_required(schema: dict[str, Any]) -> None:
    del schema["properties"]["person"]["required"]


def wider(schema: dict[str, Any]) -> None:
    schema["properties"]["person"]["properties"]["firstName"]["maxLength"] = 51


def boolean_for_number(schema: dict[str, Any]) -> None:
    schema["properties"]["person"]["properties"]["firstName"]["minLength"] = True


def other_definition(schema: dict[str, Any]) -> None:
    schema["$defs"]["email"]["pattern"] = ".*"


@pytest.mark.parametrize("change", [without_required, wider, boolean_for_number, other_definition])
def test_sc_10_a_json_schema_that_disagrees_is_refused(world: World, change: Any) -> None:
    before, sent = stored(), derived(world)
    change(sent)

    answer = put(world, tiny_schema(), jsonSchema=json.dumps(sent))

    assert (answer.status_code, answer.json()["subCode"]) == (400, "JsonSchemaMismatch")
    assert stored() == before


@pytest.mark.parametrize("text", ["", "null", "{", "[]", "{}", '{"a":1,"a":1}', "[" * 101])
def test_s1_what_is_no_json_schema_is_refused(world: World, text: str) -> None:
    answer = put(world, tiny_schema(), jsonSchema=text)

    assert (answer.status_code, answer.json()["subCode"]) == (400, "JsonSchemaMismatch")
    assert stored()[1] == 1


def test_sc_10_all_that_follows_from_a_schema_agrees(world: World) -> None:
    assert put(world, LOCALISED).status_code == 200
    api = world.api()

    fields = api.post(f"{TINY}/fields-metadata", {}).json()["fields"]
    in_schema = json.loads(api.get(TINY).json()["jsonSchema"])
    contact = world.contact({"person": {"firstName": "Ada"}})
    refused = api.patch(
        f"/v1.0/contacts/{contact.pk}/details", {"details": {"amount": 11, "other": 1}}
    )

    assert in_schema == derived(world)
    assert [field["key"] for field in fields] == ["person.firstName", "amount"]
    assert in_schema["properties"]["amount"]["maximum"] == fields[1]["validations"]["maxValue"]
    assert [(each["path"], each["code"]) for each in refused.json()["properties"]["errors"]] == [
        ("amount", "Maximum"),
        ("other", "UnknownField"),
    ]
