"""Reading schemas and their metadata on the API, and who may save (S1, Q3, Q4, A1)."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pytest_django import DjangoAssertNumQueries

from crmschema.models import CrmSchema, CrmSchemaVersion
from tests.crmschema.tiny_calls import LOCALISED, TINY, put, stored
from tests.factories.api import Api
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.schemas import form, tiny_components
from tests.factories.tokens import bearer


def test_a_schema_is_answered_with_all_languages_and_its_json_schema(world: World) -> None:
    answer = world.api(world.carl).get(TINY)

    schema = CrmSchema.objects.get(key="tiny")
    body = answer.json()
    assert answer.status_code == 200
    assert body == {
        "id": schema.pk,
        "key": "tiny",
        "schema": schema.schema,
        "jsonSchema": body["jsonSchema"],
        "concurrencyToken": 1,
    }
    derived = json.loads(body["jsonSchema"])
    Draft202012Validator.check_schema(derived)
    assert derived["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(derived["properties"]) == ["person", "channels", "notes"]
    assert world.api().get(f"{TINY}/json-schema").json() == {"jsonSchema": body["jsonSchema"]}


def test_reading_a_schema_is_one_statement_beside_the_caller(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    paths = [TINY, f"{TINY}/json-schema", f"{TINY}/layout-metadata"]
    api = world.api()
    api.get(TINY)

    for path in paths:
        with django_assert_num_queries(2):
            assert api.get(path).status_code == 200
    with django_assert_num_queries(2):
        assert api.post(f"{TINY}/fields-metadata", {}).status_code == 200


def test_an_unknown_schema_is_404(world: World) -> None:
    none = "/v1.0/crm/schemas/none"

    assert world.api().get(none).status_code == 404
    assert world.api().get(f"{none}/json-schema").status_code == 404
    assert world.api().get(f"{none}/layout-metadata").status_code == 404
    assert world.api().post(f"{none}/fields-metadata", {}).status_code == 404
    body = {"schema": "no JSON", "concurrencyToken": 9}
    assert world.api().put(none, body).status_code == 404


def test_q3_metadata_and_titles_are_in_the_language_of_the_request(world: World) -> None:
    assert put(world, LOCALISED).status_code == 200
    api = world.api()

    german = api.get(f"{TINY}/layout-metadata?language=de", Accept_Language="fr")
    french = api.get(f"{TINY}/layout-metadata", Accept_Language="fr-CH, de;q=0.5")
    fields = api.post(f"{TINY}/fields-metadata", {}, Accept_Language="de-CH").json()["fields"]
    titles = api.get(f"{TINY}/json-schema?language=de").json()["jsonSchema"]

    assert german.json() == {
        "fields": [
            {
                "key": "person",
                "label": "Angaben",
                "fieldType": "Container",
                "parentKey": None,
                "tooltip": None,
                "isHidden": False,
                "isLabelHidden": True,
                "toggleHidden": None,
            }
        ]
    }
    assert (german.headers["Content-Language"], german.headers["Vary"]) == (
        "de",
        "Accept-Language",
    )
    assert french.json()["fields"][0]["label"] == "Personal data"
    assert french.headers["Content-Language"] == "fr"
    assert [(each["label"], each["tooltip"], each["layoutPath"]) for each in fields] == [
        ("Vorname", "Wie im Pass", [{"label": "Angaben", "key": "person"}]),
        ("amount", None, []),
    ]
    person = json.loads(titles)["properties"]["person"]
    assert (person["title"], person["properties"]["firstName"]["title"]) == ("Angaben", "Vorname")


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({}, 20),
        ({"fieldKeys": None, "layoutPathKey": None}, 20),
        ({"fieldKeys": [], "layoutPathKey": ""}, 20),
        ({"fieldKeys": ["person.score", "nowhere", "notes[0].text"]}, ["person.score"]),
        ({"fieldKeys": ["nowhere"]}, []),
        ({"layoutPathKey": "notes"}, ["notes.text", "notes.weight"]),
        ({"layoutPathKey": "notes", "fieldKeys": ["person.score", "notes.text"]}, ["notes.text"]),
        ({"layoutPathKey": "nowhere"}, []),
    ],
)
def test_fields_metadata_filters(world: World, query: dict[str, Any], keys: Any) -> None:
    answer = world.api().post(f"{TINY}/fields-metadata", query)

    found = [field["key"] for field in answer.json()["fields"]]
    assert answer.status_code == 200
    assert (len(found) if isinstance(keys, int) else found) == keys


@pytest.mark.parametrize(
    "query", [{"fieldKey": ["a"]}, {"fieldKeys": "a"}, {"fieldKeys": [1]}, {"layoutPathKey": 1}]
)
def test_q4_fields_metadata_refuses_what_it_does_not_know(
    world: World, query: dict[str, Any]
) -> None:
    assert world.api().post(f"{TINY}/fields-metadata", query).status_code == 400


def test_a1_saving_takes_scope_and_permission(world: World) -> None:
    editor = make_member("editor", permissions=["change_crmschema"])
    body = {"schema": form(*tiny_components()), "concurrencyToken": 1}

    assert world.api(world.petra).put(TINY, body).status_code == 403
    without_scope = bearer(editor, scopes=["contacts.read"])
    assert Api(without_scope).put(TINY, body).status_code == 403
    assert stored()[1] == 1
    assert world.api(editor).put(TINY, body).status_code == 200
    assert CrmSchemaVersion.objects.get(token=2).member == editor
