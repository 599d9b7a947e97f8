"""Calls that anonymise nobody, and calls that are made again (N1, N2)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from config.common.models import AuditEvent
from contacts.models import Contact, ContactType
from tests.factories.api import Api, details_path
from tests.factories.clock import stopped_at
from tests.factories.contacts import ADVISER, make_app, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.tokens import bearer
from tests.privacy.anonymise_steps import PATH, anonymise, state


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contactIds": None, "contactUIds": None},
        {"contactIds": []},
        {"contactIds": [], "contactUIds": []},
        {"contactIds": ["1"]},
        {"contactIds": [1.0]},
        {"contactIds": [True]},
        {"contactIds": [2**31]},
        {"contactIds": 1},
        {"contactUIds": ["x"]},
        {"contactIds": [1], "contactUids": [str(uuid4())]},
        {"contactIds": [1], "reason": 1},
        {"contactIds": [1], "reason": "x" * 2001},
        {"contactIds": [1], "reason": "a\x00b"},
    ],
)
def test_n1_a_body_that_names_nobody_or_is_malformed_is_refused(
    world: World, body: dict[str, Any]
) -> None:
    world.contact()
    before = state()

    answer = anonymise(world.api(), **body)

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert state() == before


def test_an03_unknown_ids_are_named_and_nobody_is_changed(world: World) -> None:
    contact = world.contact()
    unknown = str(uuid4())
    before = state()

    answer = anonymise(
        world.api(), contactIds=[contact.pk, 999_999, -1], contactUIds=[unknown, str(contact.uid)]
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert answer.json()["properties"] == {"contactIds": [-1, 999_999], "contactUIds": [unknown]}
    assert state() == before


def test_a2_what_is_out_of_reach_is_unknown(world: World) -> None:
    contact = world.contact()
    other = ContactType.objects.create(key="other", schema=world.contact_type.schema)
    outsider = make_member(permissions=["anonymise_contact"])
    before = state()

    by_member = anonymise(world.api(outsider), contactIds=[contact.pk])
    restricted = Api(bearer(app=make_app(contact_types=[other])))
    by_app = anonymise(restricted, contactIds=[contact.pk])

    assert by_member.json()["properties"] == {"contactIds": [contact.pk], "contactUIds": []}
    assert (by_member.status_code, by_app.status_code) == (404, 404)
    assert state() == before


def test_az08_a_member_needs_the_permission(world: World) -> None:
    contact = world.contact()
    officer = make_member(permissions=[*ADVISER, "anonymise_contact", "reach_all_contacts"])
    before = state()

    assert anonymise(world.api(world.anna), contactIds=[contact.pk]).status_code == 403
    assert state() == before

    assert anonymise(world.api(officer), contactIds=[contact.pk]).status_code == 204
    assert AuditEvent.objects.get(operation="anonymizeContact").member == officer


def test_an04_more_than_ten_thousand_are_refused(world: World) -> None:
    contact = world.contact()
    before = state()

    answer = anonymise(world.api(), contactIds=[contact.pk, *range(500_000, 510_000)])

    assert answer.status_code == 400
    assert state() == before


def test_an07_repeating_is_harmless(world: World) -> None:
    contact = world.contact()
    anonymise(world.api(), contactIds=[contact.pk])
    before = state()

    again = anonymise(world.api(), contactIds=[contact.pk], reason="again")

    assert again.status_code == 204
    assert state() == before


def test_n2_a_retry_with_its_key_gets_its_answer_again(world: World) -> None:
    contact = world.contact()

    first = world.api().post(PATH, {"contactIds": [contact.pk]}, Idempotency_Key="a")
    again = world.api().post(PATH, {"contactIds": [contact.pk]}, Idempotency_Key="a")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"
    assert AuditEvent.objects.filter(operation="anonymizeContact").count() == 1


def test_n2_a_replay_about_an_anonymised_contact_is_refused(world: World) -> None:
    created = {
        "contactTypeId": world.contact_type.pk,
        "details": tiny_details(),
        "correlationId": "c-1",
    }
    contact_id = world.api().post("/v1.0/contacts", created).json()["id"]
    change = {"details": {"person": {"nickname": "Addie"}}}
    world.api().patch(details_path(contact_id), change, Idempotency_Key="k")
    anonymise(world.api(), contactIds=[contact_id])

    answers = [
        world.api().post("/v1.0/contacts", created),
        world.api().patch(details_path(contact_id), change, Idempotency_Key="k"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert {answer.json()["subCode"] for answer in answers} == {"ContactAnonymized"}
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("on_type", [False, True])
def test_an10_a_contact_that_must_be_kept_is_named_and_nobody_is_changed(
    world: World, on_type: bool
) -> None:
    kept, other = world.contact(), world.contact()
    soon = timezone.now() + timedelta(hours=1)
    if on_type:
        ContactType.objects.update(retain_until=soon)
    else:
        Contact.objects.filter(pk=kept.pk).update(retain_until=soon)
    before = state()

    answer = anonymise(world.api(), contactIds=[other.pk, kept.pk])

    assert (answer.status_code, answer.json()["subCode"]) == (409, "RetentionActive")
    named = [kept.pk, other.pk] if on_type else [kept.pk]
    assert answer.json()["properties"] == {"contactIds": named}
    assert state() == before


@pytest.mark.parametrize(("hours", "status"), [(-2, 409), (0, 409), (2, 204)])
def test_an10_the_time_is_that_of_the_database(
    stopped_clock: None, world: World, hours: int, status: int
) -> None:
    """A web server whose clock is fast does not erase early (IN-08)."""
    contact = world.contact()
    Contact.objects.update(retain_until=timezone.now() + timedelta(hours=1))
    stopped_at(timezone.now() + timedelta(hours=hours))

    assert anonymise(world.api(), contactIds=[contact.pk]).status_code == status
