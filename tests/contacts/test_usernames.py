"""Usernames of contacts that exist (U1, U2, D12, H3, D10)."""

from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from config.common.actors import SYSTEM
from config.common.exceptions import NotFound
from config.common.models import AuditEvent
from contacts.exceptions import UsernameNotUnique
from contacts.models import ChangeSet, Contact
from contacts.services.usernames import username_set
from contacts.targets import CONTACT, TargetRef
from crmschema.services import schema_create
from tests.factories.api import Api, details_path, username_path
from tests.factories.contacts import make_app, make_contact, make_contact_type
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_details
from tests.factories.submissions import ref_of
from tests.factories.threads import Racers
from tests.factories.tokens import actor_of, bearer

RACERS = 50
CREATE = "/v1.0/contacts"


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact(username="ada")


def stored(contact: Contact) -> tuple[str | None, str | None]:
    contact.refresh_from_db()
    return contact.username, contact.username_folded


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(operation="updateUsername"))


def test_u1_the_username_is_read_and_changed(world: World, contact: Contact) -> None:
    path = username_path(contact.pk)
    version, history = contact.version, ChangeSet.objects.count()

    answer = world.api().put(path, {"username": "Ada.Byron"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert world.api(world.anna).get(path).json() == {"username": "Ada.Byron"}
    assert stored(contact) == ("Ada.Byron", "ada.byron")
    assert (contact.version, ChangeSet.objects.count()) == (version, history)
    assert contact.display_name == "Ada Byron"
    (event,) = events()
    assert (event.app, event.object_id, event.fields) == (world.app, str(contact.pk), ["username"])


def test_u1_a_contact_without_a_username_has_null(world: World) -> None:
    answer = world.api().get(username_path(world.contact().pk))

    assert (answer.status_code, answer.json()) == (200, {"username": None})


def test_u1_the_same_username_again_leaves_no_trace(world: World, contact: Contact) -> None:
    assert world.api().put(username_path(contact.pk), {"username": "ada"}).status_code == 204
    assert events() == []


def test_u1_a_contact_may_spell_its_username_anew(world: World, contact: Contact) -> None:
    assert world.api().put(username_path(contact.pk), {"username": "ADA"}).status_code == 204
    assert stored(contact) == ("ADA", "ada")
    assert len(events()) == 1


@pytest.mark.parametrize(("taken", "sent"), [("ada", "ADA"), ("straße", "STRASSE"), ("ﬁ", "FI")])
def test_u1_a_username_that_another_contact_has_is_refused(
    world: World, taken: str, sent: str
) -> None:
    world.contact(username=taken)
    other = world.contact(username="other")

    answer = world.api().put(username_path(other.pk), {"username": sent})

    assert (answer.status_code, answer.json()["subCode"]) == (422, "UsernameNotUnique")
    assert stored(other) == ("other", "other")
    assert events() == []


@pytest.mark.parametrize(
    "sent", [None, "", " ", "x" * 255, "\ufdfa" * 254, 7, True, ["ada"], "a\x00b", "a\ud800"]
)
def test_u1_what_no_username_can_be_is_refused(world: World, contact: Contact, sent: Any) -> None:
    answer = world.api().put(username_path(contact.pk), {"username": sent})

    assert answer.status_code == 400
    assert stored(contact) == ("ada", "ada")


@pytest.mark.parametrize("body", [{}, {"userName": "x"}, {"username": "x", "force": True}])
def test_q4_the_body_is_the_username_and_nothing_else(
    world: World, contact: Contact, body: dict[str, Any]
) -> None:
    assert world.api().put(username_path(contact.pk), body).status_code == 400
    assert stored(contact) == ("ada", "ada")


def test_d10_a_repeated_change_is_replayed(world: World, contact: Contact) -> None:
    path, body = username_path(contact.pk), {"username": "new"}

    world.api().put(path, body, Idempotency_Key="k")
    world.api().put(path, {"username": "newer"})
    again = world.api().put(path, body, Idempotency_Key="k")

    assert (again.status_code, again["Idempotency-Replayed"]) == (204, "true")
    assert stored(contact) == ("newer", "newer")


def test_a1_members_never_change_usernames(world: World, contact: Contact) -> None:
    world.petra.is_superuser = True
    world.petra.save()

    answer = world.api(world.petra).put(username_path(contact.pk), {"username": "new"})

    assert answer.status_code == 403
    assert stored(contact) == ("ada", "ada")


def test_a1_an_app_needs_the_scope_of_identities(world: World, contact: Contact) -> None:
    api = Api(bearer(app=make_app(scopes=["contacts.read", "contacts.write"])))

    assert api.get(username_path(contact.pk)).status_code == 200
    assert api.put(username_path(contact.pk), {"username": "new"}).status_code == 403


def test_a2_the_username_of_a_contact_out_of_reach_is_not_found(
    world: World, contact: Contact
) -> None:
    other = make_contact_type("other", world.contact_type.schema)
    restricted = Api(bearer(app=make_app(contact_types=[other])))

    assert world.api(world.carl).get(username_path(contact.pk)).status_code == 404
    assert restricted.put(username_path(contact.pk), {"username": "new"}).status_code == 404
    assert stored(contact) == ("ada", "ada")


def test_a_contact_that_does_not_exist_has_no_username(world: World) -> None:
    ref = TargetRef(CONTACT, 2**31 - 1, world.contact_type.schema_id, "tiny")

    with pytest.raises(NotFound):
        username_set(actor=SYSTEM, ref=ref, username="ada")


def test_n3_an_anonymised_contact_gets_no_username(world: World, contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    answer = world.api().put(username_path(contact.pk), {"username": "new"})

    assert (answer.status_code, answer.json()["subCode"]) == (409, "ContactAnonymized")
    assert stored(contact) == ("ada", "ada")


@override_settings(USERNAME_COUPLED_WITH_EMAIL=True)
def test_cn08_u2_a_coupled_username_is_not_changed_by_itself(
    world: World, contact: Contact
) -> None:
    answer = world.api().put(username_path(contact.pk), {"username": "new"})

    assert (answer.status_code, answer.json()["subCode"]) == (409, "UsernameCoupled")
    assert stored(contact) == ("ada", "ada")
    assert events() == []


def test_d12_the_name_follows_where_it_is_the_username(world: World) -> None:
    schema = schema_create(
        actor=SYSTEM, key="nameless", schema=form(component("textfield", "text"))
    )
    contact = make_contact({"text": "x"}, contact_type=make_contact_type("nameless", schema))
    assert contact.display_name == str(contact.uid)

    world.api().put(username_path(contact.pk), {"username": "Zoë"})

    contact.refresh_from_db()
    assert (contact.display_name, contact.display_name_folded) == ("Zoë", "zoe")


# --- Races: constraints decide -------------------------------------------------------------------
def test_u1_one_of_two_that_take_a_username_at_once_gets_it(committed_world: World) -> None:
    contacts = [committed_world.contact() for _ in range(2)]
    actor = committed_world.actor()

    with Racers(2) as racers:
        for number in range(10):
            results = racers.run(
                [
                    lambda contact=contact, number=number: _set(actor, contact, f"name{number}")
                    for contact in contacts
                ]
            )
            assert sorted(results) == ["UsernameNotUnique", "set"]


def _set(actor: Any, contact: Contact, username: str) -> str:
    try:
        username_set(actor=actor, ref=ref_of(contact), username=username)
    except UsernameNotUnique as error:
        return error.sub_code
    return "set"


def test_u1_two_that_take_each_others_username_at_once_are_both_told(
    committed_world: World,
) -> None:
    ada, eve = (committed_world.contact(username=name) for name in ("ada", "eve"))
    actor = committed_world.actor()

    with Racers(2) as racers:
        for _ in range(200):
            results = racers.run([lambda: _set(actor, ada, "Eve"), lambda: _set(actor, eve, "Ada")])
            # Neither name is free while the other contact has it, whoever comes first.
            assert results == ["UsernameNotUnique"] * 2

    assert (stored(ada), stored(eve)) == (("ada", "ada"), ("eve", "eve"))
    assert events() == []


def test_u1_a_ring_of_names_at_once_ends_without_waiting_in_a_ring(
    committed_world: World,
) -> None:
    names = ("ada", "eve", "ida")
    contacts = [committed_world.contact(username=name) for name in names]
    actor = committed_world.actor()
    wanted = [*names[1:], names[0]]

    with Racers(3) as racers:
        for _ in range(50):
            results = racers.run(
                [
                    lambda contact=contact, name=name: _set(actor, contact, name)
                    for contact, name in zip(contacts, wanted, strict=True)
                ]
            )
            assert results == ["UsernameNotUnique"] * 3


def test_cn06_of_fifty_that_create_one_username_at_once_one_does(committed_world: World) -> None:
    tokens = [bearer(app=committed_world.app) for _ in range(RACERS)]
    kind = committed_world.contact_type.pk
    actor_of(app=committed_world.app)

    def create(number: int) -> tuple[int, str]:
        body = {
            "contactTypeId": kind,
            "username": ("User@x.ch", "user@X.CH")[number % 2],
            "details": tiny_details(),
        }
        answer = Api(tokens[number]).post(CREATE, body)
        return answer.status_code, answer.json().get("subCode", "")

    with Racers(RACERS) as racers:
        answers = racers.run([lambda number=number: create(number) for number in range(RACERS)])

    assert sorted(answers) == [(201, ""), *[(422, "UsernameNotUnique")] * (RACERS - 1)]
    assert (Contact.objects.count(), ChangeSet.objects.count()) == (1, 1)


# --- Creating ------------------------------------------------------------------------------------
def test_cn11_a_create_repeated_with_its_correlation_id_makes_one_contact(world: World) -> None:
    body = {"contactTypeId": world.contact_type.pk, "details": tiny_details(), "correlationId": "c"}

    first = world.api().post(CREATE, body)
    again = world.api().post(CREATE, body)
    other = world.api().post(CREATE, {**body, "username": "ada"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (other.status_code, other.json()["subCode"]) == (409, "IdempotencyKeyReused")
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("kind", [0, -1, 2**31 - 1, None, "1", 1.5])
def test_cn12_an_unknown_contact_type_makes_no_contact(world: World, kind: Any) -> None:
    answer = world.api().post(CREATE, {"contactTypeId": kind, "details": tiny_details()})

    assert answer.status_code == 400
    assert not Contact.objects.exists()


# --- Coupled with the email ----------------------------------------------------------------------
@override_settings(USERNAME_COUPLED_WITH_EMAIL=True)
def test_cn09_u2_an_email_that_is_anothers_username_is_refused(world: World) -> None:
    def with_email(email: str) -> dict[str, Any]:
        return {**tiny_details(), "channels": {"email": email}}

    world.contact(with_email("ada@example.com"))
    contact = world.contact(with_email("eve@example.com"))
    path = details_path(contact.pk)
    body = {"details": {"channels": {"email": "ADA@example.com"}}}

    applied = world.api().patch(f"{path}?skipVerification=true", body)
    held = world.api().patch(path, body)

    assert (applied.status_code, applied.json()["subCode"]) == (422, "UsernameNotUnique")
    # A value that waits reserves nothing (V1); it is refused when it is verified.
    assert (held.status_code, held.json()["hasPendingEmail"]) == (200, True)
    assert stored(contact) == ("eve@example.com", "eve@example.com")
    assert contact.details["channels"]["email"] == "eve@example.com"
