"""Keys that are wrong, late or used up, and what answers alike (V4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from tests.factories.api import Api, verification_path
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, wrong_key
from tests.verification.conftest import (
    NEW,
    OTHER,
    STORED,
    ask,
    attempts,
    make,
    pending,
    refusal,
    stored_email,
    verify,
    versions,
)


def test_vk01_five_wrong_keys_use_up_the_right_one(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key, wrong = latest_key(contact), wrong_key(contact)

    answers = [refusal(verify(anna, contact, wrong)) for _ in range(5)]
    last = refusal(verify(anna, contact, key))

    assert answers == [(422, "KeyNoMatch")] * 5
    assert last == (422, "KeyExpired")
    assert attempts(contact) == 5
    assert (stored_email(contact), pending(contact), versions(contact)) == (STORED, NEW, [1])


def test_vk01_four_wrong_keys_leave_the_right_one_good(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key, wrong = latest_key(contact), wrong_key(contact)
    for _ in range(4):
        verify(anna, contact, wrong)

    assert verify(anna, contact, key).status_code == 204


@pytest.mark.parametrize("key", [None, "", "1234567", "abcdef", "०१२३४५"])
def test_v4_what_can_be_no_key_is_a_wrong_one(anna: Api, contact: Contact, key: str | None) -> None:
    ask(anna, contact)

    assert refusal(verify(anna, contact, key)) == (422, "KeyNoMatch")
    assert attempts(contact) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "Email"},
        {"channel": "email", "key": "012345"},
        {"channel": "Email", "key": 12345},
        {"channel": "Email", "key": "1" * 65},
        {"channel": "Email", "key": "\x00"},
        {"channel": "Email", "key": "012345", "more": 1},
        b'{"channel": "Email", "channel": "Mobile", "key": "012345"}',
    ],
)
def test_v4_a_malformed_body_counts_no_attempt(anna: Api, contact: Contact, body: Any) -> None:
    ask(anna, contact)

    response = anna.post(verification_path(contact.pk, "verify"), body)

    assert response.status_code == 400
    assert attempts(contact) == 0


def test_vk04_a_key_lives_ten_minutes(anna: Api, contact: Contact, world: World) -> None:
    late = make(world, "late@example.com")
    ask(anna, contact)
    ask(anna, late, OTHER)
    let_keys_age(minutes=9, seconds=59)

    assert verify(anna, contact, latest_key(contact)).status_code == 204

    let_keys_age(seconds=1)
    assert refusal(verify(anna, late, latest_key(late))) == (422, "KeyExpired")
    assert attempts(late) == 0
    assert (stored_email(late), pending(late)) == ("late@example.com", OTHER)


def test_in08_the_database_says_what_time_it_is(
    anna: Api, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(anna, contact)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: ahead)

    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_vk05_a_key_counts_once(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key = latest_key(contact)

    answers = [verify(anna, contact, key) for _ in range(2)]

    assert answers[0].status_code == 204
    assert refusal(answers[1]) == (422, "KeyNoMatch")
    assert versions(contact) == [1, 2]


def test_vk10_nothing_pending_answers_as_a_wrong_key_does(
    world: World, anna: Api, contact: Contact
) -> None:
    waiting = make(world, "waiting@example.com")
    ask(anna, waiting)

    wrong = orjson.loads(verify(anna, waiting, wrong_key(waiting)).content)
    nothing = orjson.loads(verify(anna, contact, "012345").content)

    assert {**nothing, "correlationId": ""} == {**wrong, "correlationId": ""}
    assert refusal(verify(anna, contact, "012345", "Mobile")) == (422, "KeyNoMatch")


def test_vk10_what_is_out_of_reach_and_what_does_not_exist_answer_alike(
    world: World, contact: Contact
) -> None:
    carl = world.api(world.carl)
    ask(world.api(world.anna), contact)
    unknown = Contact(pk=contact.pk + 1000)

    for target in (contact, unknown):
        assert refusal(verify(carl, target, latest_key(contact))) == (404, "NA")
    assert attempts(contact) == 0


def test_vk10_a_wrong_key_and_nothing_pending_take_the_same_statements(
    world: World, anna: Api, contact: Contact
) -> None:
    waiting = make(world, "waiting@example.com")
    ask(anna, waiting)
    wrong = wrong_key(waiting)
    texts = []
    for target in (waiting, contact):
        with CaptureQueriesContext(connection) as captured:
            verify(anna, target, wrong)
        texts.append([query["sql"].split()[:4] for query in captured])

    assert _without_savepoints(texts[0]) == _without_savepoints(texts[1])


def _without_savepoints(statements: list[list[str]]) -> list[list[str]]:
    return [words for words in statements if "SAVEPOINT" not in words]
