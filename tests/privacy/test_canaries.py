"""Nothing personal is found anywhere after an erasure (AN-05, N2): texts are planted in every store
by the public ways, then everything that the product keeps is searched for them.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from changerequests.models import ChangeRequest
from changerequests.services.notices import reviewers_notify
from config.common.privacy import PERSONAL_DATA
from contacts.models import Contact
from tests.factories.api import (
    details_path,
    members_path,
    picture_path,
    request_path,
    verification_path,
)
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.keys import latest_key
from tests.factories.pictures import picture, text_of
from tests.factories.submissions import hold
from tests.privacy.scan import files, hits

# Made-up words, one for each way in, and a number; no other text contains one of them.
WORDS = {
    "created": "Quorrabeltane",
    "replaced": "Zwindlemarch",
    "held": "Vexipholde",
    "declined": "Wrympetal",
    "pending": "Yondraquist",
    "comment": "Kestrimone",
    "review": "Jorvaldine",
    "username": "Xanthobrill",
    "email": "Dwimmerick",
    "awaited": "Fizzlebrook",
    "mobile": "+41795550188",
    "connection": "Gryphantole",
    "correlation": "Nimbrevault",
    "retention": "Obliqueray",
    "row": "Thrumbleigh",
}


def plant(world: World) -> Contact:
    """One contact that has been through everything."""
    app, anna, petra = world.api(), world.api(world.anna), world.api(world.petra)
    created = app.post(
        "/v1.0/contacts",
        {
            "contactTypeId": world.contact_type.pk,
            "username": WORDS["username"],
            "correlationId": WORDS["correlation"],
            "memberUids": [str(world.anna.uid)],
            "details": {
                "person": {"firstName": WORDS["created"], "lastName": "Byron"},
                "channels": {
                    "email": f"{WORDS['created']}@example.com",
                    "addresses": [{"id": WORDS["row"], "city": WORDS["created"]}],
                },
            },
        },
        Idempotency_Key=WORDS["correlation"],
    )
    assert created.status_code == 201, created.content
    contact = Contact.objects.get(pk=created.json()["id"])
    base = f"/contacts/{contact.pk}"

    change = {
        "details": {
            "person": {"nickname": WORDS["replaced"]},
            "channels": {"email": f"{WORDS['email']}@example.com"},
        },
        "comment": WORDS["comment"],
    }
    assert app.patch(details_path(contact.pk), change, Idempotency_Key="k").status_code == 200
    # Confirmed, so that a message to the old address waits; then the next one is asked for.
    confirmation = {"channel": "Email", "key": latest_key(contact)}
    assert app.post(verification_path(contact.pk, "verify"), confirmation).status_code == 204
    email = f"{WORDS['awaited']}@example.com"
    another = {"details": {"channels": {"email": email, "mobile": WORDS["mobile"]}}}
    assert app.patch(details_path(contact.pk), another).status_code == 200
    gone = {"details": {"person": {"nickname": None}}}
    assert app.patch(details_path(contact.pk), gone).status_code == 200
    for word, decision in (("held", True), ("declined", False), ("pending", None)):
        asked = {"details": {"person": {"lastName": WORDS[word]}}, "comment": WORDS["comment"]}
        answer = anna.patch(details_path(contact.pk), asked)
        request_id = answer.json()["changeRequestId"]
        reviewers_notify()
        if decision is not None:
            review = {"isApproved": decision, "comment": WORDS["review"]}
            path = request_path(contact.pk, request_id, "review")
            assert petra.post(path, review).status_code == 204
    for system in ("Default", "Cbs"):
        connection = {"system": system, "externalId": WORDS["connection"]}
        answer = app.post(f"/v1.0{base}/external-connections", connection, Idempotency_Key=system)
        assert answer.status_code == 204, answer.content
    retention = {"retainUntil": None, "reason": WORDS["retention"]}
    assert app.put(f"/v1.1{base}/retention", retention).status_code == 204
    image = {"imageContentBase64": text_of(picture())}
    assert app.put(picture_path(contact.pk), image, Idempotency_Key="i").status_code == 204
    both = {"memberUids": [str(world.anna.uid), str(world.petra.uid)]}
    assert app.put(members_path(contact.pk), both).status_code == 204
    assert app.get(f"/v1.1{base}/personal-data").status_code == 200
    return contact


def walk_through_the_back_office(contact: Contact) -> None:
    """Pages are opened and a form is sent, by somebody with a session."""
    boss = make_member("boss", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(boss)
    for path in ("change/", "history/"):
        assert client.get(f"/admin/contacts/contact/{contact.pk}/{path}").status_code == 200
    assert client.get("/admin/contacts/contact/", {"q": WORDS["username"]}).status_code == 200
    advisers = f"/admin/contacts/contact/{contact.pk}/advisers/"
    assert client.post(advisers, {"members": [boss.pk]}).status_code == 302


def test_an05_nothing_is_found_anywhere_after_an_erasure(
    world: World,
    media: Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    with django_capture_on_commit_callbacks(execute=True):
        contact = plant(world)
        walk_through_the_back_office(contact)
    before = hits(WORDS.values())
    assert len(files("")) == 1

    with django_capture_on_commit_callbacks(execute=True):
        answer = world.api().post("/v1.0/contacts/anonymize", {"contactIds": [contact.pk]})

    # Every word was somewhere, or finding none would prove nothing; but for those that are hashed.
    found = {word for _, word in before}
    assert found == {word.lower() for word in WORDS.values()} - {WORDS["correlation"].lower()}
    assert {place for place, _ in before} >= {
        "contacts_contact",
        "contacts_changeset",
        "contacts_externalconnection",
        "contacts_pendingchannel",
        "changerequests_changerequest",
        "common_idempotencykey",
        "common_auditevent",
        "unsealed messages",
    }
    assert answer.status_code == 204
    assert hits(WORDS.values()) == set()
    assert files("") == []
    assert not any(word.lower() in caplog.text.lower() for word in WORDS.values())


def test_an05_what_the_law_asks_for_is_still_there(world: World) -> None:
    contact = plant(world)
    people = list(contact.change_sets.order_by("pk").values_list("member", "app", "executed_at"))
    paths = list(contact.change_sets.order_by("pk").values_list("paths", flat=True))

    world.api().post("/v1.0/contacts/anonymize", {"contactIds": [contact.pk]})

    sets = contact.change_sets.order_by("pk")
    assert list(sets.values_list("member", "app", "executed_at"))[:-1] == people
    assert list(sets.values_list("paths", flat=True))[:-1] == paths
    requests = ChangeRequest.objects.filter(contact=contact).order_by("pk")
    assert [each.status for each in requests] == [2, 3, 4]
    assert [each.initiator for each in requests] == [world.anna] * 3
    assert [each.reviewer for each in requests] == [world.petra, world.petra, None]
    assert all(each.paths for each in requests)


def test_an05_other_contacts_keep_everything(world: World) -> None:
    other, contact = world.contact(username="other"), world.contact()
    hold(world.actor(world.anna), other, {"person": {"lastName": "King"}})

    def held() -> list[Any]:
        return [store.collect(other.pk) for store in PERSONAL_DATA]

    before = held()

    world.api().post("/v1.0/contacts/anonymize", {"contactIds": [contact.pk]})

    assert held() == before
