"""Reading and saving schemas on the API (S1-S3, Q3, F3, F5)."""

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from jsonschema import Draft202012Validator
from pytest_django import DjangoAssertNumQueries

from config.common.models import AuditEvent
from crmschema.locks import schema_lock_shared
from crmschema.models import CrmSchema, CrmSchemaVersion
from tests.factories.api import Api
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.lists import list_revisions
from tests.factories.schemas import component, container, form, select, tiny_components, tiny_schema
from tests.factories.threads import TIMEOUT_SECONDS, Racers, wait_for_waiter
from tests.factories.tokens import bearer

TINY = "/v1.0/crm/schemas/tiny"
LOCALISED = form(
    container(
        "person",
        component(
            "textfield",
            "firstName",
            label="First name",
            tooltip="As in the passport",
            crm={"i18n": {"de": {"label": "Vorname", "tooltip": "Wie im Pass"}}},
        ),
        crm={"i18n": {"de": {"label": "Angaben"}}},
        label="Personal data",
    ),
    component("number", "amount", decimalLimit=2, validate={"min": 0, "max": 10.5}),
)


def put(world: World, schema: Any, token: int = 1, **members: Any) -> Any:
    body = {"schema": schema, "concurrencyToken": token, **members}
    return world.api().put(TINY, body)


def stored() -> tuple[str, int, int]:
    schema = CrmSchema.objects.get(key="tiny")
    return schema.schema, schema.concurrency_token, CrmSchemaVersion.objects.count()


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


def test_s2_a_save_answers_the_next_token(world: World) -> None:
    answer = put(world, LOCALISED)

    assert (answer.status_code, answer.json()) == (200, {"concurrencyToken": 2})
    schema, token, versions = stored()
    assert (token, versions) == (2, 2)
    assert world.api().get(TINY).json()["schema"] == schema


def test_s2_a_stale_token_is_refused_before_the_content_is_looked_at(world: World) -> None:
    before = stored()

    answer = put(world, "no JSON", token=7)

    assert answer.status_code == 409
    assert answer.json()["subCode"] == "ConcurrencyConflict"
    assert answer.json()["properties"] == {"concurrencyToken": 1}
    assert stored() == before


def test_d10_a_save_can_be_sent_again(world: World) -> None:
    body = {"schema": LOCALISED, "concurrencyToken": 1}

    first = world.api().put(TINY, body, Idempotency_Key="once")
    again = world.api().put(TINY, body, Idempotency_Key="once")

    assert (first.status_code, first.json()) == (200, {"concurrencyToken": 2})
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert stored()[1:] == (2, 2)


def test_sc_08_ten_saves_at_once_with_one_token_one_wins(committed_world: World) -> None:
    world, api = committed_world, committed_world.api()
    texts = [form(component("textfield", f"field{number}")) for number in range(10)]
    bodies = [{"schema": text, "concurrencyToken": 1} for text in texts]

    with Racers(10) as racers:
        answers = racers.run([lambda body=body: api.put(TINY, body) for body in bodies])

    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200] + [409] * 9
    assert {each.json()["subCode"] for each in answers if each.status_code == 409} == {
        "ConcurrencyConflict"
    }
    assert stored()[1:] == (2, 2)
    winner = statuses.index(200)
    assert world.api().get(TINY).json()["schema"] == stored()[0]
    assert f'"key":"field{winner}"' in stored()[0]


def test_s5_a_save_that_is_killed_in_the_middle_leaves_nothing(committed_world: World) -> None:
    """Its connection ends while it waits for the last writer, with everything checked."""
    world, api, before = committed_world, committed_world.api(), stored()
    events = AuditEvent.objects.count()
    # Compatible ones: nothing but the last step waits for writers.
    bodies = [
        {"schema": form(*tiny_components(), component("textfield", key)), "concurrencyToken": 1}
        for key in ("killed", "saved")
    ]

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            schema_lock_shared(CrmSchema.objects.get(key="tiny").pk)
            killed = pool.submit(api.put, TINY, bodies[0])
            wait_for_waiter()
            with connection.cursor() as cursor:
                cursor.execute(_END_WAITERS)
        answer = killed.result(TIMEOUT_SECONDS)
        pool.submit(lambda: connection.close()).result(TIMEOUT_SECONDS)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (stored(), AuditEvent.objects.count()) == (before, events)
    # The next save gets the token that the killed one had, and nobody mixes them up.
    assert api.put(TINY, bodies[1]).json() == {"concurrencyToken": 2}
    fields = world.api().post(f"{TINY}/fields-metadata", {}).json()["fields"]
    assert fields[-1]["key"] == "saved"


_END_WAITERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def derived(world: World, language: str = "en") -> dict[str, Any]:
    text = world.api().get(f"{TINY}/json-schema?language={language}").json()["jsonSchema"]
    result: dict[str, Any] = json.loads(text)
    return result


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


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "no JSON",
        "[]",
        "null",
        '"{}"',
        json.dumps(tiny_schema()),
        '{"components":[NaN]}',
        '{"components":[],"components":[]}',
        '{"components":[{"type":"textfield","key":"a","label":"\\u0000"}]}',
        '{"components":[{"type":"number","key":"a","validate":{"min":1e400}}]}',
        '{"components":' + "[" * 120 + "]" * 120 + "}",
    ],
)
def test_sc_11_what_is_no_schema_is_refused(world: World, text: str | None) -> None:
    before = stored()

    answer = put(world, text)

    assert (answer.status_code, answer.json()["subCode"]) == (400, "SchemaInvalid")
    assert answer.json()["properties"]["errors"][0]["path"] == ""
    assert stored() == before


def test_s3_a_refusal_names_component_and_reason(world: World) -> None:
    answer = put(world, form(container("person", select("country", "nations"))))

    assert answer.json()["properties"]["errors"] == [
        {
            "path": "components[0].components[0]",
            "key": "country",
            "code": "ListUnknown",
            "message": "There is no list “nations”.",
        }
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"schema": "{}"},
        {"schema": "{}", "concurrencyToken": "1"},
        {"schema": {}, "concurrencyToken": 1},
        {"schema": "{}", "concurrencyToken": 2**63},
        {"schema": "{}", "concurrencyToken": 1, "fields": []},
        [],
    ],
)
def test_f5_a_body_of_the_wrong_form_is_refused(world: World, body: Any) -> None:
    answer = world.api().put("/v1.0/crm/schemas/none", body)

    assert answer.status_code == 400
    assert answer.json()["subCode"] == "NA"


def test_f3_a_schema_body_may_have_four_megabytes(world: World) -> None:
    spaces = " " * 1_100_000
    body = json.dumps({"schema": LOCALISED, "concurrencyToken": 1, "jsonSchema": None})

    answer = world.api().put(TINY, body.encode() + spaces.encode())
    too_large = world.api().put(TINY, b" " * (4 * 1024 * 1024 + 1))

    assert answer.status_code == 200
    assert too_large.status_code == 413
    assert stored()[1] == 2


def test_f3_a_schema_itself_may_have_one_megabyte(world: World) -> None:
    answer = put(world, LOCALISED + " " * 1_048_576)

    assert answer.status_code == 400
    assert answer.json()["properties"]["errors"] == [
        {"path": "", "key": None, "code": "TooLarge", "message": "The schema is larger than 1 MB."}
    ]


def test_a1_saving_takes_scope_and_permission(world: World) -> None:
    editor = make_member("editor", permissions=["change_crmschema"])
    body = {"schema": form(*tiny_components()), "concurrencyToken": 1}

    assert world.api(world.petra).put(TINY, body).status_code == 403
    without_scope = bearer(editor, scopes=["contacts.read"])
    assert Api(without_scope).put(TINY, body).status_code == 403
    assert stored()[1] == 1
    assert world.api(editor).put(TINY, body).status_code == 200
    assert CrmSchemaVersion.objects.get(token=2).member == editor
