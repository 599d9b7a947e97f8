"""A value waits while its request is decided and its schema moves on (CR-12, V5)."""

from uuid import uuid4

import orjson
import pytest

from changerequests.models import ChangeRequest
from changerequests.services import Submission, details_submit
from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact, PendingChannel
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.targets import LEGAL_ENTITY, TargetRef
from crmschema.documents import Mode
from crmschema.models import CrmSchema
from crmschema.selectors import compiled
from crmschema.services import schema_save
from tests.factories.api import Api, request_path
from tests.factories.checks import save_accepting
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, messages
from tests.factories.schemas import component, form, tiny_components, tiny_details
from tests.factories.submissions import decide, hold, submit
from tests.verification.conftest import (
    NEW,
    OTHER,
    STORED,
    ask,
    attempts,
    pending,
    refusal,
    stored_email,
    verify,
    versions,
)


# --- With approval (CR-12) ---------------------------------------------------------------------
@pytest.fixture
def approved_email(world: World) -> World:
    """Emails need approval and verification."""
    components = tiny_components()
    components[1]["components"][0]["crm"]["isApprovalRequired"] = True
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    return world


def test_cr12_a_value_is_live_only_after_approval_and_verification(
    approved_email: World, anna: Api, contact: Contact
) -> None:
    world = approved_email
    response = ask(anna, contact)
    request = ChangeRequest.objects.get()
    assert orjson.loads(response.content)["hasPendingEmail"] is False
    assert messages(contact) == []
    assert refusal(verify(anna, contact, "012345")) == (422, "KeyNoMatch")

    world.api(world.petra).post(
        request_path(contact.pk, request.pk, "review"), {"isApproved": True}
    )
    assert (stored_email(contact), pending(contact), versions(contact)) == (STORED, NEW, [1])
    assert verify(anna, contact, latest_key(contact)).status_code == 204

    assert stored_email(contact) == NEW
    change_set = ChangeSet.objects.get(version=2)
    assert (change_set.member, change_set.change_request, change_set.reviewer) == (
        world.anna,
        request,
        world.petra,
    )
    assert change_set.source == "Verification"


def test_cr12_a_verified_value_still_waits_for_the_approval_of_another(
    approved_email: World, anna: Api, contact: Contact
) -> None:
    world = approved_email
    submit(world.actor(), contact, {"channels": {"email": NEW}})
    request = hold(world.actor(world.anna), contact, {"channels": {"email": OTHER}})

    verify(anna, contact, latest_key(contact))
    assert stored_email(contact) == NEW

    response = world.api(world.petra).post(
        request_path(contact.pk, request.pk, "review"), {"isApproved": True}
    )
    assert refusal(response) == (409, "ChangeRequestConflict")
    assert (stored_email(contact), pending(contact)) == (NEW, None)


def test_v6_an_approved_value_replaces_the_one_that_waits(
    approved_email: World, anna: Api, contact: Contact
) -> None:
    world = approved_email
    request = hold(world.actor(world.anna), contact, {"channels": {"email": OTHER}})
    submit(world.actor(), contact, {"channels": {"email": NEW}})
    old = latest_key(contact)

    decide(world.actor(world.petra), request)

    assert pending(contact) == OTHER
    if old != latest_key(contact):
        assert refusal(verify(anna, contact, old)) == (422, "KeyNoMatch")
    assert verify(anna, contact, latest_key(contact)).status_code == 204
    assert stored_email(contact) == OTHER


# --- The schema moves on -----------------------------------------------------------------------
def test_v5_a_value_that_the_schema_no_longer_takes_is_still_pending(
    world: World, anna: Api, contact: Contact
) -> None:
    longer = "someone.new@example.com"
    ask(anna, contact, longer)
    components = tiny_components()
    components[1]["components"][0]["validate"] = {"maxLength": len(STORED)}
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)

    response = verify(anna, contact, latest_key(contact))

    assert refusal(response) == (422, "DetailsInvalid")
    assert orjson.loads(response.content)["properties"]["errors"][0]["path"] == "channels.email"
    assert (stored_email(contact), pending(contact), attempts(contact)) == (STORED, longer, 0)


def test_v5_a_value_of_a_field_that_is_no_channel_any_more_is_written_and_gone(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    components = tiny_components()
    del components[1]["components"][0]["crm"]
    save_accepting(form(*components), actor=world.actor())

    assert verify(anna, contact, latest_key(contact)).status_code == 204

    assert (stored_email(contact), pending(contact)) == (NEW, None)


def test_v5_a_value_goes_to_the_field_that_is_the_channel_now(world: World, anna: Api) -> None:
    components = tiny_components()
    emails = components[1]["components"]
    emails.append(component("email", "main"))
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    contact = world.contact({**tiny_details(), "channels": {"email": STORED, "main": OTHER}})
    ask(anna, contact)
    emails[-1]["crm"] = emails[0].pop("crm")
    save_accepting(form(*components), token=2, actor=world.actor())

    assert verify(anna, contact, latest_key(contact)).status_code == 204

    contact.refresh_from_db()
    assert contact.details["channels"] == {"email": STORED, "main": NEW}
    assert (pending(contact), versions(contact)) == (None, [1, 2])
    assert ChangeSet.objects.get(contact=contact, version=2).paths == ["channels", "channels.main"]
    assert AuditEvent.objects.get(operation="verifyChannel").fields == ["channels.main"]
    assert [told["recipient"] for told in messages(contact, "channelChanged")] == [OTHER]


def test_d11_a_confirmed_value_that_is_stored_already_leaves_no_change_set(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    key = latest_key(contact)
    components = tiny_components()
    del components[1]["components"][0]["crm"]
    save_accepting(form(*components), actor=world.actor())
    ask(world.api(), contact)
    assert (stored_email(contact), pending(contact), versions(contact)) == (NEW, NEW, [1, 2])

    assert verify(anna, contact, key).status_code == 204

    assert (stored_email(contact), pending(contact), versions(contact)) == (NEW, None, [1, 2])
    assert messages(contact, "channelChanged") == []


def test_l1_channels_of_legal_entities_do_not_wait(world: World) -> None:
    schema = CrmSchema.objects.get(key="tiny")
    uid = uuid4()
    creation = DetailsCreation(uid, compiled("tiny"), tiny_details(), own={})
    origin = Origin(ChangeSet.Source.SYSTEM)
    ids = details_create(origin=origin, kind=LEGAL_ENTITY, creations=[creation])

    result = details_submit(
        actor=world.actor(),
        ref=TargetRef(LEGAL_ENTITY, ids[uid], schema.pk, schema.key),
        submission=Submission(mode=Mode.PATCH, details={"channels": {"email": NEW}}),
        source=ChangeSet.Source.API,
    )

    assert (result.version, result.pending_channels) == (2, frozenset())
    assert not PendingChannel.objects.exists()
