"""Until when contacts must be kept (N5)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from config.common.actors import SYSTEM
from config.common.exceptions import BadRequest, NotFound
from config.common.models import AuditEvent
from contacts.models import Contact, ContactType
from contacts.services.retention import contact_retention_set, contact_type_retention_set
from tests.factories.contacts import ADVISER, make_member
from tests.factories.fixtures import World

UNTIL = datetime(2036, 12, 31, tzinfo=UTC)
BODY = {"retainUntil": "2036-12-31T00:00:00Z", "reason": "ten years"}


def put(world: World, contact: Contact, body: dict[str, Any], **headers: str) -> HttpResponse:
    return world.api().put(f"/v1.1/contacts/{contact.pk}/retention", body, **headers)


def stored(contact: Contact) -> tuple[datetime | None, str]:
    contact.refresh_from_db()
    return contact.retain_until, contact.retention_reason


def events() -> list[tuple[str, str, list[str], str]]:
    found = AuditEvent.objects.filter(operation="setRetention").order_by("id")
    return [(each.object_type, each.object_id, each.fields, each.reason) for each in found]


def test_n5_retention_is_set_with_its_reason_and_audited(world: World) -> None:
    contact = world.contact()

    answer = put(world, contact, BODY)

    assert (answer.status_code, answer.content) == (204, b"")
    assert stored(contact) == (UNTIL, "ten years")
    assert events() == [("contact", str(contact.pk), ["reason", "retainUntil"], "ten years")]


def test_n5_the_same_again_changes_nothing(world: World) -> None:
    contact = world.contact()

    answers = [put(world, contact, BODY), put(world, contact, BODY)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert len(events()) == 1


def test_n5_null_lets_go_of_the_contact(world: World) -> None:
    contact = world.contact()
    put(world, contact, BODY)

    assert put(world, contact, {"retainUntil": None, "reason": "closed"}).status_code == 204

    assert stored(contact) == (None, "closed")
    assert len(events()) == 2


def test_d10_a_retry_is_answered_again(world: World) -> None:
    contact = world.contact()

    put(world, contact, BODY, Idempotency_Key="k")
    again = put(world, contact, BODY, Idempotency_Key="k")

    assert (again.status_code, again["Idempotency-Replayed"]) == (204, "true")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"retainUntil": "2036-12-31T00:00:00Z"},
        {"reason": "x"},
        {**BODY, "reason": ""},
        {**BODY, "reason": "  "},
        {**BODY, "reason": None},
        {**BODY, "retainUntil": "2036-12-31"},
        {**BODY, "retainUntil": 1},
        {**BODY, "until": "x"},
    ],
)
def test_n5_a_malformed_body_changes_nothing(world: World, body: dict[str, Any]) -> None:
    contact = world.contact()

    assert put(world, contact, body).status_code == 400

    assert stored(contact) == (None, "")
    assert events() == []


def test_a1_a_member_needs_the_permission(world: World) -> None:
    contact = world.contact()
    path = f"/v1.1/contacts/{contact.pk}/retention"
    officer = make_member(permissions=[*ADVISER, "retain_contact", "reach_all_contacts"])

    assert world.api(world.anna).put(path, BODY).status_code == 403
    assert stored(contact) == (None, "")

    assert world.api(officer).put(path, BODY).status_code == 204


def test_n5_an_unknown_contact_or_type_is_not_found(world: World) -> None:
    arguments = {"actor": SYSTEM, "retain_until": UNTIL, "reason": "x"}

    with pytest.raises(NotFound):
        contact_retention_set(contact_id=999_999, **arguments)
    with pytest.raises(NotFound):
        contact_type_retention_set(contact_type_id=999_999, **arguments)


def test_n5_a_type_is_kept_for_all_its_contacts(world: World) -> None:
    type_id = world.contact_type.pk
    arguments = {"actor": SYSTEM, "contact_type_id": type_id, "retain_until": UNTIL}

    with pytest.raises(BadRequest):
        contact_type_retention_set(**arguments, reason=" ")
    contact_type_retention_set(**arguments, reason="law")
    contact_type_retention_set(**arguments, reason="law")

    assert ContactType.objects.get(pk=type_id).retain_until == UNTIL
    assert events() == [("contactType", str(type_id), ["retainUntil"], "law")]


def test_n3_an_anonymised_contact_is_not_retained(world: World) -> None:
    contact = world.contact()
    Contact.objects.update(anonymised_at=timezone.now())

    answer = put(world, contact, BODY)

    assert (answer.status_code, answer.json()["subCode"]) == (409, "ContactAnonymized")
    assert stored(contact) == (None, "")
