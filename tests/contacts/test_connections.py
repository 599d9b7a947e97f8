"""Ids of contacts in other systems (X1, X2, H3, D10)."""

from collections.abc import Callable
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from config.common.actors import SYSTEM
from config.common.exceptions import Conflict, NotFound
from config.common.models import AuditEvent
from contacts.exceptions import ExternalIdNotUnique
from contacts.models import Contact, ExternalConnection
from contacts.services.connections import connection_add
from tests.factories.api import Api, connection_path, connections_path
from tests.factories.contacts import make_app, make_contact_type
from tests.factories.fixtures import World
from tests.factories.threads import Racers
from tests.factories.tokens import bearer

RACERS = 50


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


def add(api: Api, contact: Contact, system: Any, external_id: Any, **headers: str) -> Any:
    body = {"system": system, "externalId": external_id}
    return api.post(connections_path(contact.pk), body, **headers)


def outcome(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["subCode"] if answer.content else ""


def pairs(contact: Contact) -> set[tuple[str, str]]:
    return set(contact.connections.values_list("system", "external_id"))


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(operation="addExternalConnection"))


def test_x1_connections_are_added_and_listed(world: World, contact: Contact) -> None:
    answer = add(world.api(), contact, "Sso", "ada@sso")
    add(world.api(), contact, "Default", "CRM-1")
    add(world.api(), contact, "Cbs", "ada@sso")

    assert (answer.status_code, answer.content) == (204, b"")
    assert world.api(world.anna).get(connections_path(contact.pk)).json() == {
        "connections": [
            {"externalId": "ada@sso", "system": "Cbs"},
            {"externalId": "CRM-1", "system": "Default"},
            {"externalId": "ada@sso", "system": "Sso"},
        ]
    }
    assert [event.fields for event in events()] == [
        ["connections.Sso"],
        ["connections.Default"],
        ["connections.Cbs"],
    ]
    assert {event.object_id for event in events()} == {str(contact.pk)}


def test_x1_a_contact_without_connections_lists_none(world: World, contact: Contact) -> None:
    assert world.api().get(connections_path(contact.pk)).json() == {"connections": []}


@pytest.mark.parametrize("system", ["Sso", "Default"])
def test_x1_adding_a_pair_again_changes_nothing(
    world: World, contact: Contact, system: str
) -> None:
    add(world.api(), contact, system, "a")
    kept = contact.connections.get().pk

    assert outcome(add(world.api(), contact, system, " a ")) == (204, "")
    assert contact.connections.get().pk == kept
    assert len(events()) == 1


def test_x1_an_id_is_trimmed_and_its_case_matters(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Sso", " \tAda\u00a0\n")

    assert pairs(contact) == {("Sso", "Ada")}
    assert outcome(add(world.api(), world.contact(), "Sso", "ada")) == (204, "")


def test_cn01_x1_an_id_belongs_to_one_contact_whatever_the_system(
    world: World, contact: Contact
) -> None:
    other = world.contact()
    add(world.api(), contact, "Sso", "x")

    for system in ("Cbs", "Sso", "Default"):
        assert outcome(add(world.api(), other, system, "x")) == (409, "ExternalIdNotUnique")

    assert pairs(other) == set()
    assert len(events()) == 1


def test_x2_a_contact_has_one_default_id(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Default", "one")

    assert outcome(add(world.api(), contact, "Default", "two")) == (409, "DefaultIdExists")
    assert pairs(contact) == {("Default", "one")}


def test_x1_anothers_id_is_named_before_an_own_default(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Default", "one")
    add(world.api(), world.contact(), "Sso", "two")

    assert outcome(add(world.api(), contact, "Default", "two")) == (409, "ExternalIdNotUnique")


@pytest.mark.parametrize(
    ("system", "external_id"),
    [
        ("Sso", None),
        ("Sso", ""),
        ("Sso", " \t\n"),
        ("Sso", "x" * 256),
        ("Sso", "x" * 10_000),
        ("Sso", "a\x00b"),
        ("Sso", 7),
        (None, "a"),
        ("", "a"),
        ("Crm", "a"),
        ("default", "a"),
        ("SSO", "a"),
        (" Sso", "a"),
        (7, "a"),
    ],
)
def test_cn04_x2_a_wrong_id_or_system_is_refused(
    world: World, contact: Contact, system: Any, external_id: Any
) -> None:
    assert add(world.api(), contact, system, external_id).status_code == 400
    assert pairs(contact) == set()
    assert events() == []


def test_x1_an_id_has_up_to_255_characters(world: World, contact: Contact) -> None:
    longest = "\U00020000" * 255

    assert outcome(add(world.api(), contact, "Sso", f" {longest} ")) == (204, "")
    assert pairs(contact) == {("Sso", longest)}


@override_settings(EXTERNAL_SYSTEMS=["Default", "Crm"])
def test_x2_the_systems_are_a_setting(world: World, contact: Contact) -> None:
    assert outcome(add(world.api(), contact, "Crm", "a")) == (204, "")
    assert outcome(add(world.api(), contact, "Sso", "b")) == (400, "NA")


def test_q4_the_body_is_a_pair_and_nothing_else(world: World, contact: Contact) -> None:
    for body in ({"system": "Sso"}, {"externalId": "a"}, {"system": "Sso", "externalid": "a"}):
        assert world.api().post(connections_path(contact.pk), body).status_code == 400


def test_d10_a_repeated_addition_is_replayed(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Sso", "a", Idempotency_Key="k")
    again = add(world.api(), contact, "Sso", "a", Idempotency_Key="k")
    other = add(world.api(), contact, "Sso", "b", Idempotency_Key="k")

    assert (again.status_code, again["Idempotency-Replayed"]) == (204, "true")
    assert outcome(other) == (409, "IdempotencyKeyReused")
    assert pairs(contact) == {("Sso", "a")}


def test_d10_a_refusal_under_a_key_is_not_kept(world: World, contact: Contact) -> None:
    other = world.contact()
    add(world.api(), other, "Sso", "a")

    refused = add(world.api(), contact, "Sso", "a", Idempotency_Key="k")
    allowed = add(world.api(), contact, "Sso", "b", Idempotency_Key="k")

    assert (outcome(refused), outcome(allowed)) == ((409, "ExternalIdNotUnique"), (204, ""))


def test_a1_members_never_add_connections(world: World, contact: Contact) -> None:
    world.petra.is_superuser = True
    world.petra.save()

    assert add(world.api(world.petra), contact, "Sso", "a").status_code == 403
    assert pairs(contact) == set()


def test_n3_an_anonymised_contact_gets_no_connection(world: World, contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    assert outcome(add(world.api(), contact, "Sso", "a")) == (409, "ContactAnonymized")
    assert pairs(contact) == set()


def test_a_contact_that_does_not_exist_gets_no_connection(world: World) -> None:
    with pytest.raises(NotFound):
        connection_add(actor=SYSTEM, contact_id=2**31 - 1, system="Sso", external_id="a")


# --- Looking up ----------------------------------------------------------------------------------
IDS = [
    "CRM-1",
    "a/b",
    "/a",
    "a/",
    "a//b",
    "..",
    "../b",
    "./x/../y",
    "100%",
    "%2F",
    "%",
    "a b",
    "Zoë Müller",
    "名",
    "\U0001f600",
    "a?b=c&d#e;f",
    "a+b",
    "a\nb",
    "details",
    "x" * 255,
]


@pytest.mark.parametrize("external_id", IDS)
def test_x1_a_contact_is_found_by_any_id(world: World, contact: Contact, external_id: str) -> None:
    add(world.api(), contact, "Sso", external_id)
    path = f"/v1.0/contacts/external-connections/Sso/{quote(external_id, safe='')}"

    answer = world.api(world.anna).get(path)

    assert answer.status_code == 200
    assert answer.json() == {"id": contact.pk, "uid": str(contact.uid)}


def test_x1_an_id_is_found_in_its_system_and_case_only(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Sso", "Ada")

    statuses = {
        (system, external_id): world.api().get(connection_path(system, external_id)).status_code
        for system, external_id in [
            ("Sso", "Ada"),
            ("Sso", " Ada "),
            ("Sso", "ada"),
            ("Cbs", "Ada"),
            ("Sso", "x" * 300),
            ("sso", "Ada"),
            ("Crm", "Ada"),
        ]
    }

    assert list(statuses.values()) == [200, 200, 404, 404, 404, 400, 400]


def test_d8_an_id_is_found_in_either_unicode_form(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Sso", "Zoe\u0308")

    assert pairs(contact) == {("Sso", "Zo\u00eb")}
    assert world.api().get(connection_path("Sso", "Zoe\u0308")).status_code == 200


def test_a2_a_contact_out_of_reach_is_not_found_by_its_id(world: World, contact: Contact) -> None:
    add(world.api(), contact, "Sso", "a")
    other = make_contact_type("other", world.contact_type.schema)
    restricted = Api(bearer(app=make_app(contact_types=[other])))
    path = connection_path("Sso", "a")

    assert world.api(world.petra).get(path).status_code == 200
    for api in (world.api(world.carl), restricted):
        assert api.get(path).status_code == 404
        assert api.get(connections_path(contact.pk)).status_code == 404
    assert add(restricted, contact, "Cbs", "b").status_code == 404
    assert pairs(contact) == {("Sso", "a")}


# --- Races: constraints decide -------------------------------------------------------------------
def race(calls: list[Callable[[], None]]) -> list[str]:
    def attempt(call: Callable[[], None]) -> str:
        try:
            call()
        except Conflict as error:
            return error.sub_code
        return "added"

    with Racers(len(calls)) as racers:
        return sorted(racers.run([lambda call=call: attempt(call) for call in calls]))


def adding(contact: Contact, system: str, external_id: str) -> Callable[[], None]:
    return lambda: connection_add(
        actor=SYSTEM, contact_id=contact.pk, system=system, external_id=external_id
    )


def test_cn02_of_fifty_contacts_that_take_one_id_at_once_one_gets_it(
    committed_world: World,
) -> None:
    contacts = [committed_world.contact() for _ in range(RACERS)]
    # In different systems, where no unique index tells them apart but the exclusion constraint.
    systems = cycle(("Sso", "Cbs", "Default"))

    results = race([adding(contact, next(systems), "x") for contact in contacts])

    assert results == ["ExternalIdNotUnique"] * (RACERS - 1) + ["added"]
    assert ExternalConnection.objects.filter(external_id="x").count() == 1
    assert len(events()) == 1


def test_x2_of_many_default_ids_at_once_a_contact_gets_one(committed_world: World) -> None:
    contact = committed_world.contact()

    results = race([adding(contact, "Default", f"id-{number}") for number in range(10)])

    assert results == ["DefaultIdExists"] * 9 + ["added"]
    assert contact.connections.count() == 1


def test_x1_one_pair_added_by_many_at_once_is_one_connection(committed_world: World) -> None:
    contact = committed_world.contact()

    results = race([adding(contact, "Sso", "a")] * 10)

    assert results == ["added"] * 10
    assert pairs(contact) == {("Sso", "a")}
    assert len(events()) == 1


def test_x1_an_id_that_was_anothers_a_moment_ago_is_refused_as_that(
    world: World, contact: Contact
) -> None:
    add(world.api(), contact, "Default", "own")
    add(world.api(), world.contact(), "Sso", "theirs")

    def gone_right_after(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if "INSERT INTO contacts_externalconnection" in sql:
            ExternalConnection.objects.exclude(contact=contact).delete()
        return done

    with connection.execute_wrapper(gone_right_after), pytest.raises(ExternalIdNotUnique):
        adding(contact, "Sso", "theirs")()

    assert pairs(contact) == {("Default", "own")}
