"""Saving a schema on the API: tokens, races, refusals, sizes (S2, S3, S5, D10, F3, F5)."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from config.common.models import AuditEvent
from crmschema.locks import schema_lock_shared
from crmschema.models import CrmSchema
from tests.crmschema.tiny_calls import LOCALISED, TINY, put, stored
from tests.factories.fixtures import World
from tests.factories.schemas import component, container, form, select, tiny_components, tiny_schema
from tests.factories.threads import TIMEOUT_SECONDS, Racers, wait_for_waiter


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


def test_f3_what_would_be_stored_may_have_one_megabyte_too(world: World) -> None:
    """Uids make it twice as large as what is sent; nobody could read it again."""
    before = stored()
    many = form(*(component("container", f"c{number}") for number in range(11_000)))

    answer = put(world, many)
    read = world.api().get(TINY)

    assert len(many) < 1_000_000
    assert answer.status_code == 400
    assert [each["code"] for each in answer.json()["properties"]["errors"]] == ["TooLarge"]
    assert (read.status_code, stored()) == (200, before)
