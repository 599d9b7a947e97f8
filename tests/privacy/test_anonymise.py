"""What an anonymised contact leaves behind, and what it frees (N2, N3)."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact, ContactType, ExternalConnection
from contacts.selectors.erased import erased_external_ids, is_erased_external_id
from contacts.services.connections import connection_add
from crmschema.services import schema_create
from tests.factories.api import details_path, history_path, members_path, picture_path, request_path
from tests.factories.contacts import make_contact, make_contact_type
from tests.factories.fixtures import World
from tests.factories.pictures import picture, text_of
from tests.factories.schemas import component, container, form, grid, tiny_details
from tests.factories.submissions import hold, submit
from tests.privacy.anonymise_steps import anonymise, state


def test_an01_the_same_contact_by_id_and_uid_is_anonymised_once(world: World) -> None:
    contact = world.contact(username="ada")

    answer = anonymise(
        world.api(),
        contactIds=[contact.pk, contact.pk],
        contactUIds=[str(contact.uid)],
        reason="case 1",
    )

    assert (answer.status_code, answer.content) == (204, b"")
    contact.refresh_from_db()
    assert contact.anonymised_at is not None
    assert (contact.details, contact.search) == ({}, {})
    assert contact.display_name == f"Anonymised {contact.pk}"
    assert contact.display_name_folded == f"anonymised {contact.pk}"
    assert (contact.username, contact.username_folded) == (None, None)
    assert contact.version == 2
    event = AuditEvent.objects.get(operation="anonymizeContact")
    assert (event.object_type, event.object_id) == ("contact", str(contact.pk))
    assert (event.app, event.member, event.reason) == (world.app, None, "case 1")
    assert "history" in event.fields


def test_n3_the_erasure_is_in_the_history_without_values(world: World) -> None:
    contact = world.contact()
    submit(world.actor(), contact, {"person": {"nickname": "Addie"}}, comment="so called")

    anonymise(world.api(), contactUIds=[str(contact.uid)])

    answer = world.api(world.anna).post(history_path(contact.pk), {}).json()
    erasure, change, creation = answer["results"]
    assert (erasure["source"], erasure["app"]["clientId"]) == ("Erasure", "firm")
    assert {each["path"] for each in erasure["details"]} == {
        "person.firstName",
        "person.lastName",
        "person.displayName",
        "person.nickname",
    }
    assert [each["path"] for each in change["details"]] == ["person.nickname"]
    values = [
        value
        for result in answer["results"]
        for each in result["details"]
        for value in (each["originalValue"], each["targetValue"])
    ]
    assert set(values) == {None}
    assert (change["comment"], creation["details"]) == (None, [])


def test_n3_leaves_that_are_not_personal_stay(world: World) -> None:
    free = {"isPersonalData": False, "isFilterable": True}
    schema = schema_create(
        actor=SYSTEM,
        key="risk",
        schema=form(
            component("textfield", "name"),
            container("risk", component("textfield", "level", crm=free)),
            component("textfield", "shown", crm={"alias": "DisplayName", **free}),
            grid(
                "accounts",
                component("textfield", "kind", crm={"isPersonalData": False}),
                component("textfield", "iban"),
            ),
        ),
    )
    kind = make_contact_type("risk", schema)
    document = {
        "name": "Ada",
        "risk": {"level": "LOW"},
        "shown": "A 1",
        "accounts": [{"id": "CH1", "kind": "cash", "iban": "CH1"}, {"iban": "CH2"}],
    }
    made = make_contact(document, contact_type=kind)
    submit(SYSTEM, made, {"risk": {"level": "HIGH"}, "name": "Eva"})
    submit(SYSTEM, made, {"accounts": [{"id": "CH1", "kind": "bonds"}]})

    assert anonymise(world.api(), contactIds=[made.pk]).status_code == 204

    made.refresh_from_db()
    assert made.details == {
        "risk": {"level": "HIGH"},
        "shown": "A 1",
        "accounts": [{"kind": "bonds"}],
    }
    assert made.search == {"risk.level": "high", "shown": "a 1"}
    assert made.display_name == f"Anonymised {made.pk}"
    creation, first, second, erasure = ChangeSet.objects.order_by("version")
    assert creation.details == {
        "risk": {"level": "LOW"},
        "shown": "A 1",
        "accounts": [{"kind": "cash"}],
    }
    assert first.details == [
        {"path": "name"},
        {"path": "risk.level", "target": "HIGH", "original": "LOW"},
    ]
    assert {"path": "accounts[0].kind", "target": "bonds", "original": "cash"} in second.details
    assert [each["path"] for each in erasure.details] == ["name", "accounts[0].id"]


def test_an10_after_its_time_a_contact_can_go(world: World) -> None:
    contact = world.contact()
    Contact.objects.update(retain_until=timezone.now() - timedelta(seconds=1))

    assert anonymise(world.api(), contactIds=[contact.pk]).status_code == 204


def test_an10_one_that_is_anonymised_already_has_nothing_to_keep(world: World) -> None:
    contact = world.contact()
    anonymise(world.api(), contactIds=[contact.pk])
    ContactType.objects.update(retain_until=timezone.now() + timedelta(hours=1))

    assert anonymise(world.api(), contactIds=[contact.pk]).status_code == 204


def test_an11_the_event_has_no_old_values_and_cannot_change(world: World) -> None:
    contact = world.contact(username="ada-of-old")
    anonymise(world.api(), contactIds=[contact.pk], reason="case 2")
    event = AuditEvent.objects.get(operation="anonymizeContact")

    text = str(AuditEvent.objects.filter(pk=event.pk).values())
    assert not {"Ada", "Byron", "ada-of-old"} & set(text.split())
    for change in ({"reason": ""}, {"reason": "other"}, {"operation": "x"}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEvent.objects.filter(pk=event.pk).update(**change)


def test_an11_the_log_names_ids_only(
    world: World,
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    contact = world.contact()

    with (
        caplog.at_level(logging.INFO),
        django_capture_on_commit_callbacks(execute=True),
    ):
        anonymise(world.api(), contactIds=[contact.pk])

    assert "contacts_anonymised" in caplog.text
    assert str(contact.uid) in caplog.text
    assert "Ada" not in caplog.text


def test_n2_other_reasons_of_the_audit_log_go_those_of_others_stay(world: World) -> None:
    contact, other = world.contact(), world.contact()
    for each in (contact, other):
        path = f"/v1.1/contacts/{each.pk}/retention"
        body = {"retainUntil": None, "reason": "Ada asked for it"}
        assert world.api().put(path, body).status_code == 204

    anonymise(world.api(), contactIds=[contact.pk])

    events = AuditEvent.objects.filter(operation="setRetention").order_by("object_id")
    assert [event.reason for event in events] == ["", "Ada asked for it"]


def test_an14_what_an_anonymised_contact_had_is_free_again(world: World) -> None:
    contact = world.contact(username="ada")
    connection_add(actor=SYSTEM, contact_id=contact.pk, system="Default", external_id="C-1")
    anonymise(world.api(), contactIds=[contact.pk])

    heir = world.contact(username="ADA")
    connection_add(actor=SYSTEM, contact_id=heir.pk, system="Cbs", external_id="C-1")

    assert ExternalConnection.objects.get().contact == heir
    assert (is_erased_external_id("C-1"), is_erased_external_id("c-1")) == (True, False)
    assert erased_external_ids(["C-1", "C-2"]) == {"C-1"}


def test_cr15_a_pending_request_ends_as_cancelled_without_its_values(world: World) -> None:
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    anonymise(world.api(), contactIds=[contact.pk])

    read = world.api(world.anna).get(request_path(contact.pk, request.pk)).json()
    assert read["status"]["name"] == "Cancelled"
    assert [(each["path"], each["targetValue"]) for each in read["details"]] == [
        ("person.lastName", None)
    ]
    review = request_path(contact.pk, request.pk, "review")
    answer = world.api(world.petra).post(review, {"isApproved": True})
    assert answer.json()["subCode"] == "ChangeRequestNotPending"
    assert Contact.objects.get().details == {}


def test_n3_every_later_write_is_refused(world: World) -> None:
    contact = world.contact()
    anonymise(world.api(), contactIds=[contact.pk])
    before = state()
    base = f"/contacts/{contact.pk}"
    writes = [
        ("PATCH", details_path(contact.pk), {"details": {"person": {"nickname": "x"}}}),
        ("PUT", details_path(contact.pk), {"details": tiny_details()}),
        ("PUT", members_path(contact.pk), {"memberUids": []}),
        ("PUT", f"/v1.0{base}/username", {"username": "eva"}),
        ("POST", f"/v1.0{base}/external-connections", {"system": "Cbs", "externalId": "1"}),
        ("PUT", picture_path(contact.pk), {"imageContentBase64": text_of(picture())}),
        ("PUT", f"/v1.1{base}/retention", {"retainUntil": None, "reason": "x"}),
    ]

    for method, path, body in writes:
        answer = world.api().call(method, path, body)
        assert (answer.status_code, answer.json()["subCode"]) == (409, "ContactAnonymized"), path

    assert state() == before


def test_d9_the_version_moves_with_an_erasure(world: World) -> None:
    contact = world.contact()
    before = world.api().get(details_path(contact.pk))

    anonymise(world.api(), contactIds=[contact.pk])

    after = world.api().get(details_path(contact.pk))
    assert (before["ETag"], after["ETag"]) == ('"1"', '"2"')
    assert after.json()["details"] == {}
