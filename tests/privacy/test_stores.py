"""What each store holds, hands out and erases (N2)."""

from typing import Any

import pytest
from django.utils import timezone

from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from config.common.models import IdempotencyKey
from config.common.privacy import PERSONAL_DATA, Erasure
from contacts.models import (
    ChangeSet,
    Contact,
    ErasedExternalId,
    ExternalConnection,
    PendingChannel,
)
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, submit


def collected(contact: Contact) -> dict[str, Any]:
    return {store.name: store.collect(contact.pk) for store in PERSONAL_DATA}


def erase(contact: Contact) -> None:
    """What the service does after it has locked the contact and emptied its details."""
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())
    for store in PERSONAL_DATA:
        store.lock([contact.pk])
        store.erase(Erasure(SYSTEM, [contact.pk], {contact.pk: "C-1"}))


@pytest.fixture
def contact(world: World) -> Contact:
    """A contact with something in every store of the apps."""
    body = {
        "contactTypeId": world.contact_type.pk,
        "username": "ada",
        "details": tiny_details(),
        "memberUids": [str(world.anna.uid)],
    }
    created = world.api().post("/v1.0/contacts", body, Idempotency_Key="k").json()
    contact = Contact.objects.get(pk=created["id"])
    ExternalConnection.objects.create(contact=contact, system="Default", external_id="C-1")
    submit(world.actor(), contact, {"channels": {"email": "ada@example.com"}}, comment="new")
    decided = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    decide(world.actor(world.petra), decided, comment="seen")
    hold(world.actor(world.anna), contact, {"person": {"lastName": "Lovelace"}})
    return contact


def test_n2_every_store_hands_out_what_it_holds(world: World, contact: Contact) -> None:
    held = collected(contact)

    assert held["contact"]["username"] == "ada"
    assert held["contact"]["details"]["person"]["lastName"] == "King"
    creation, approved = held["history"]
    assert creation["document"]["person"]["lastName"] == "Byron"
    assert (creation["source"], creation["app"], creation["memberUid"]) == ("Api", "firm", None)
    assert approved["changes"][0] == {
        "path": "person.lastName",
        "original": "Byron",
        "target": "King",
    }
    assert approved["reviewerUid"] == world.petra.uid
    assert held["externalConnections"] == [{"system": "Default", "externalId": "C-1"}]
    (channel,) = held["pendingChannels"]
    assert (channel["value"], channel["comment"]) == ("ada@example.com", "new")
    decided, pending = held["changeRequests"]
    assert (decided["status"], decided["reviewComment"]) == ("Approved", "seen")
    assert pending["changes"][0]["target"] == "Lovelace"
    (answer,) = held["answersForRetries"]
    assert answer["answer"]["details"]["person"]["firstName"] == "Ada"
    assert [event["operation"] for event in held["auditEvents"]] == [
        "assignContact",
        "requestEmail",
    ]


def test_n2_every_store_is_erased_and_keeps_what_it_says(world: World, contact: Contact) -> None:
    erase(contact)

    contact.refresh_from_db()
    assert (contact.username, contact.username_folded) == (None, None)
    creation, approved = ChangeSet.objects.order_by("version")
    assert creation.details == {}
    assert approved.details == [{"path": "person.lastName"}, {"path": "person.displayName"}]
    assert (approved.comment, approved.reviewer) == ("", world.petra)
    assert "person.lastName" in approved.paths
    assert not ExternalConnection.objects.exists()
    assert not PendingChannel.objects.exists()
    assert ErasedExternalId.objects.get().contact == contact
    decided, pending = ChangeRequest.objects.order_by("pk")
    assert (decided.status, decided.review_comment) == (ChangeRequest.Status.APPROVED, "")
    assert pending.status == ChangeRequest.Status.CANCELLED
    assert pending.details == [{"path": "person.lastName", "isApprovalRequired": True}]
    assert bytes(IdempotencyKey.objects.get().body) == b""
    assert collected(contact)["answersForRetries"] == []


def test_n2_erasing_twice_is_harmless(world: World, contact: Contact) -> None:
    erase(contact)
    before = (list(ChangeSet.objects.values()), list(ChangeRequest.objects.values()))

    erase(contact)

    assert (list(ChangeSet.objects.values()), list(ChangeRequest.objects.values())) == before
    assert ErasedExternalId.objects.count() == 1
