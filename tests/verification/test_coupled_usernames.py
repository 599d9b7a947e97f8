"""Usernames that are the primary email (U2)."""

from typing import Any

import pytest

from config.common.actors import SYSTEM
from contacts.exceptions import UsernameNotUnique
from contacts.models import ChangeSet, Contact
from contacts.selectors.targets import targets_get_for_update
from contacts.services.details import DetailsWrite, Origin, details_apply
from contacts.targets import CONTACT
from crmschema.documents import Change, fold
from crmschema.selectors import compiled
from crmschema.services import schema_save
from tests.factories.api import Api, details_path
from tests.factories.fixtures import World
from tests.factories.keys import latest_key
from tests.factories.schemas import form, tiny_components, tiny_details
from tests.factories.submissions import decide, hold, ref_of, submit
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


@pytest.fixture
def coupled(settings: Any) -> None:
    settings.USERNAME_COUPLED_WITH_EMAIL = True


@pytest.fixture
def contact(coupled: None, world: World) -> Contact:
    return make(world)


def username(contact: Contact) -> tuple[str | None, str | None]:
    contact.refresh_from_db()
    return contact.username, contact.username_folded


def test_u2_on_create_the_username_is_the_email(contact: Contact) -> None:
    assert username(contact) == (STORED, STORED)


def test_u2_another_username_on_create_is_refused(coupled: None, world: World) -> None:
    body = {
        "contactTypeId": world.contact_type.pk,
        "username": "ada",
        "details": {**tiny_details(), "channels": {"email": STORED}},
    }

    assert world.api().post("/v1.0/contacts", body).status_code == 400
    assert world.api().post("/v1.0/contacts", {**body, "username": STORED}).status_code == 201


def test_u2_an_email_that_is_taken_is_refused_on_create(contact: Contact, world: World) -> None:
    body = {
        "contactTypeId": world.contact_type.pk,
        "details": {**tiny_details(), "channels": {"email": "ADA@example.com"}},
    }

    assert refusal(world.api().post("/v1.0/contacts", body)) == (422, "UsernameNotUnique")
    assert Contact.objects.count() == 1


def test_u2_the_username_follows_on_verification(world: World, contact: Contact, anna: Api) -> None:
    ask(anna, contact, "New@example.com")
    assert username(contact) == (STORED, STORED)

    verify(anna, contact, latest_key(contact))

    assert username(contact) == ("New@example.com", "new@example.com")


def test_u2_the_username_follows_every_applied_write(world: World, contact: Contact) -> None:
    submit(world.actor(), contact, {"channels": {"email": OTHER}}, skip_verification=True)
    assert username(contact) == (OTHER, OTHER)

    submit(world.actor(), contact, {"channels": {"email": None}})
    assert username(contact) == (None, None)


def test_u2_a_write_that_leaves_the_email_leaves_the_username(
    world: World, contact: Contact
) -> None:
    Contact.objects.filter(pk=contact.pk).update(username="kept", username_folded="kept")

    submit(world.actor(), contact, {"person": {"nickname": "x"}})

    assert username(contact) == ("kept", "kept")


def test_u2_without_coupling_nothing_follows(world: World) -> None:
    contact = make(world)

    submit(world.actor(), contact, {"channels": {"email": OTHER}}, skip_verification=True)

    assert username(contact) == (None, None)


def test_u2_a_schema_without_an_email_has_nothing_to_follow(coupled: None, world: World) -> None:
    components = tiny_components()
    del components[1]["components"][0]["crm"]
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    contact = make(world)

    submit(world.actor(), contact, {"channels": {"email": OTHER}})

    assert username(contact) == (None, None)


def test_u2_a_taken_email_is_refused_whole(world: World, contact: Contact) -> None:
    other = make(world, OTHER)
    path = f"{details_path(contact.pk)}?skipVerification=true"
    body = {"details": {"channels": {"email": OTHER.upper()}, "person": {"nickname": "x"}}}

    response = world.api().patch(path, body)

    assert refusal(response) == (422, "UsernameNotUnique")
    assert (stored_email(contact), versions(contact)) == (STORED, [1])
    assert username(contact) == (STORED, STORED)
    assert username(other) == (OTHER, OTHER)


def test_vk13_an_address_that_was_taken_meanwhile_is_still_pending(
    world: World, contact: Contact, anna: Api
) -> None:
    ask(anna, contact)
    taker = make(world, NEW)
    key = latest_key(contact)

    for retry in ("first", "second"):
        response = verify(anna, contact, key, Idempotency_Key=retry)
        assert refusal(response) == (422, "UsernameNotUnique")
    assert (stored_email(contact), pending(contact), attempts(contact)) == (STORED, NEW, 0)
    assert username(contact) == (STORED, STORED)

    submit(SYSTEM, taker, {"channels": {"email": OTHER}}, skip_verification=True)
    assert verify(anna, contact, key).status_code == 204
    assert username(contact) == (NEW, NEW)


def test_u2_an_approved_email_that_is_taken_leaves_the_request_pending(
    coupled: None, world: World
) -> None:
    components = tiny_components()
    components[1]["components"][0]["crm"] = {"alias": "PrimaryEmail", "isApprovalRequired": True}
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    contact = make(world)
    request = hold(world.actor(world.anna), contact, {"channels": {"email": OTHER}})
    make(world, OTHER)

    with pytest.raises(UsernameNotUnique):
        decide(world.actor(world.petra), request)

    request.refresh_from_db()
    assert request.is_pending
    assert stored_email(contact) == STORED


def test_u2_usernames_follow_in_a_batch(world: World, contact: Contact) -> None:
    contacts = [contact, make(world, OTHER)]
    states = targets_get_for_update([ref_of(each) for each in contacts])
    writes = []
    for number, state in enumerate(states.values()):
        change = Change("channels.email", state.details["channels"]["email"], f"b{number}@x.ch")
        document = fold(state.details, [change])
        writes.append(DetailsWrite(state, compiled("tiny"), document, [change]))

    details_apply(origin=Origin(ChangeSet.Source.IMPORT), kind=CONTACT, writes=writes)

    assert [username(each)[0] for each in contacts] == ["b0@x.ch", "b1@x.ch"]


def test_d12_a_name_that_is_the_username_follows_too(coupled: None, world: World) -> None:
    components = tiny_components()
    components[0]["components"] = components[0]["components"][:2]
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    contact = make(world)

    submit(world.actor(), contact, {"channels": {"email": OTHER}}, skip_verification=True)

    contact.refresh_from_db()
    assert contact.display_name == OTHER
