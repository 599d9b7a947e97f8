"""Anonymising contacts on the API (N1-N5; AN-01, AN-03, AN-04, AN-07, AN-10, AN-11, AN-14)."""

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.utils import timezone

from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact, ContactType, ExternalConnection
from contacts.selectors.erased import erased_external_ids, is_erased_external_id
from contacts.services.connections import connection_add
from crmschema.services import schema_create
from tests.factories.api import (
    Api,
    details_path,
    history_path,
    members_path,
    picture_path,
    request_path,
)
from tests.factories.contacts import ADVISER, make_app, make_contact, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.pictures import picture, text_of
from tests.factories.schemas import component, container, form, grid, tiny_details
from tests.factories.submissions import hold, submit
from tests.factories.tokens import bearer

PATH = "/v1.0/contacts/anonymize"


def anonymise(api: Api, **body: Any) -> HttpResponse:
    return api.post(PATH, body)


def state() -> tuple[Any, ...]:
    """Everything that a refused call must leave as it is."""
    return (
        list(Contact.objects.order_by("pk").values()),
        list(ChangeSet.objects.order_by("pk").values()),
        list(ChangeRequest.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
    )


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
