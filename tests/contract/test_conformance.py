"""Every operation answers as the document says; `Api` holds each answer against it."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from contacts.models import Contact
from tests.contract.conformance import assert_conforms
from tests.factories.api import (
    details_path,
    history_path,
    member_search_path,
    members_path,
    pending_path,
    request_path,
    search_path,
)
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold, submit

STATUSES = "/v1.0/contacts/change-requests/statuses"
CONTACTS = "/v1.0/contacts"
FREE: dict[str, Any] = {"details": {"person": {"nickname": "Countess"}}}
HELD: dict[str, Any] = {"details": {"person": {"lastName": "King"}}, "comment": "Married"}
WRONG: dict[str, Any] = {"details": {"person": {"nope": 1}}}


def expect(answer: HttpResponse, status: int, sub_code: str | None = None) -> HttpResponse:
    assert answer.status_code == status, answer.content
    if sub_code is not None:
        assert answer.json()["subCode"] == sub_code
    return answer


def creation(world: World, **members: Any) -> dict[str, Any]:
    return {"contactTypeId": world.contact_type.pk, "details": tiny_details(), **members}


def test_create_contact_conforms(world: World) -> None:
    app, anna = world.api(), world.api(world.anna)
    body = creation(world, username="ada", memberUids=[str(world.anna.uid)])

    created = expect(app.post(CONTACTS, body, Idempotency_Key="1"), 201)
    replayed = expect(app.post(CONTACTS, body, Idempotency_Key="1"), 201)
    assert created.headers["Location"] == details_path(created.json()["id"])
    assert replayed.headers["Idempotency-Replayed"] == "true"
    expect(app.post(CONTACTS, creation(world), Idempotency_Key="1"), 409, "IdempotencyKeyReused")
    expect(app.post(CONTACTS, body), 422, "UsernameNotUnique")
    expect(app.post(CONTACTS, creation(world, **WRONG)), 400, "DetailsInvalid")
    expect(app.post(CONTACTS, creation(world, colour="red")), 400, "NA")
    expect(app.post(CONTACTS, b"{"), 400, "NA")
    expect(app.post(CONTACTS, body, Idempotency_Key="ä"), 400, "NA")
    expect(anna.post(CONTACTS, creation(world, memberUids=[str(world.ben.uid)])), 403, "NA")


def test_bodies_and_media_types_conform(world: World) -> None:
    app = world.api()

    expect(app.post(CONTACTS, b" " * (1024 * 1024 + 1)), 413)
    expect(app.post(CONTACTS, b"{}", Content_Type="text/plain"), 415)
    expect(app.get(STATUSES, Accept="text/html"), 406)
    expect(app.get(f"{STATUSES}?language=%00"), 400)


def test_get_details_conforms(world: World) -> None:
    path = details_path(world.contact().pk)

    expect(world.api().get(path), 200)
    expect(world.api().call("HEAD", path), 200)
    expect(world.api(world.carl).get(path), 404)
    expect(world.api().get(details_path(2**31 - 1)), 404)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_changes_of_details_conform(world: World, method: str) -> None:
    path = details_path(world.contact().pk)
    app, anna = world.api(), world.api(world.anna)
    full = {"details": tiny_details(nickname="Countess")}
    held = {"details": tiny_details(lastName="King"), "comment": "Married"}

    applied = expect(anna.call(method, path, full), 200)
    waiting = expect(anna.call(method, path, held, If_Match='"2"'), 200)
    assert applied.headers["ETag"] == waiting.headers["ETag"] == '"2"'
    assert waiting.json()["isApprovalRequired"] is True
    expect(anna.call(method, path, held), 409, "PendingChangeRequestExists")
    expect(app.call(method, path, full, If_Match='"1"'), 412, "StaleDetails")
    expect(app.call(method, path, full, If_Match="1"), 400, "NA")
    expect(app.call(method, path, WRONG), 400, "DetailsInvalid")
    expect(app.call(method, f"{path}?skipVerification=perhaps", full), 400, "NA")
    expect(world.api(world.carl).call(method, path, full), 404)


def test_changes_of_an_anonymised_contact_conform(world: World) -> None:
    contact = world.contact()
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    expect(world.api().patch(details_path(contact.pk), FREE), 409, "ContactAnonymized")


def test_put_members_conforms(world: World) -> None:
    path = members_path(world.contact().pk)

    expect(world.api().put(path, {"memberUids": [str(world.ben.uid)]}), 204)
    expect(world.api().put(path, {"memberUids": [str(world.contact_type.pk)]}), 400, "NA")
    expect(world.api(world.anna).put(path, {"memberUids": []}), 403)


def test_history_conforms(world: World) -> None:
    contact = world.contact()
    submit(world.actor(), contact, FREE["details"])
    path = history_path(contact.pk)

    found = expect(world.api(world.anna).post(path, {"sortOrder": "Descending"}), 200).json()
    assert [each["initiatorPerson"] for each in found["results"]] == [None, None]
    assert found["results"][0]["app"] == {"clientId": "firm", "name": "firm"}
    expect(world.api().post(path, {"paths": []}), 200)
    expect(world.api().post(path, {"sortBy": "colour"}), 400, "NA")
    expect(world.api(world.carl).post(path, {}), 404)


def test_deprecated_history_conforms(world: World) -> None:
    contact = world.contact()
    submit(world.actor(world.anna), contact, FREE["details"])
    path = history_path(contact.pk, "v1.0")

    found = expect(world.api(world.anna).post(path, {"initiatorPersonIds": [world.anna.pk]}), 200)
    assert [each["initiatorPerson"] for each in found.json()["results"]] == [
        {"id": world.anna.pk, "name": "anna"}
    ]
    expect(world.api().post(path, {"initiatorPersonUids": []}), 400, "NA")
    expect(world.api(world.carl).post(path, {}), 404)


def test_statuses_conform(world: World) -> None:
    answer = expect(world.api().get(f"{STATUSES}?language=de"), 200)

    assert answer.headers["Content-Language"] == "de"


def test_reading_change_requests_conforms(world: World) -> None:
    contact = world.contact()
    petra = world.api(world.petra)

    expect(petra.get(pending_path(contact.pk)), 200)
    request = hold(world.actor(world.anna), contact, HELD["details"])
    expect(petra.get(pending_path(contact.pk)), 200)
    expect(petra.get(request_path(contact.pk, request.pk)), 200)
    expect(petra.get(request_path(contact.pk, request.pk + 1)), 404)
    expect(world.api(world.carl).get(pending_path(contact.pk)), 404)


def test_deprecated_reads_of_change_requests_conform(world: World) -> None:
    contact = world.contact()
    petra, carl = world.api(world.petra), world.api(world.carl)

    expect(petra.get(pending_path(contact.pk, "v1.0")), 200)
    request = hold(world.actor(world.anna), contact, HELD["details"])
    shown = expect(petra.get(request_path(contact.pk, request.pk, version="v1.0")), 200)
    check = expect(petra.get(pending_path(contact.pk, "v1.0")), 200)
    assert shown.json()["initiatorMember"] == {"id": world.anna.pk, "name": "anna"}
    assert check.json()["changeRequest"]["initiatorMember"] == shown.json()["initiatorMember"]
    expect(petra.get(request_path(contact.pk, request.pk + 1, version="v1.0")), 404)
    expect(carl.get(request_path(contact.pk, request.pk, version="v1.0")), 404)
    expect(carl.get(pending_path(contact.pk, "v1.0")), 404)


@pytest.mark.parametrize("people", ["initiatorMember", "reviewMember"])
def test_searches_of_change_requests_conform(world: World, people: str) -> None:
    contact = world.contact()
    hold(world.actor(world.anna), contact, HELD["details"])
    app, of_petra = world.api(), member_search_path(world.petra.pk)

    found = expect(app.post(search_path(), {"sortBy": "ReviewDate"}), 200).json()
    assert found["results"][0]["initiatorMember"] == {"uid": str(world.anna.uid), "name": "anna"}
    found = expect(app.post(of_petra, {"paths": ["person"]}), 200).json()
    assert found["results"][0]["initiatorMember"] == {"id": world.anna.pk, "name": "anna"}
    expect(app.post(search_path(), {f"{people}Uids": [str(world.anna.uid)]}), 200)
    expect(app.post(of_petra, {f"{people}Ids": [world.anna.pk]}), 200)
    expect(app.post(search_path(), {f"{people}Ids": []}), 400, "NA")
    expect(app.post(of_petra, {f"{people}Uids": []}), 400, "NA")
    expect(world.api(world.anna).post(of_petra, {}), 404)


def test_reviews_conform(world: World) -> None:
    contact = world.contact()
    anna, petra = world.api(world.anna), world.api(world.petra)
    request = hold(world.actor(world.petra), contact, HELD["details"])
    path = request_path(contact.pk, request.pk, "review")

    expect(petra.post(path, {"isApproved": True}), 403, "OwnChangeRequest")
    expect(anna.post(path, {"isApproved": True}), 403, "NA")
    expect(petra.post(path, {"isApproved": "true"}), 400, "NA")
    submit(world.actor(), contact, {"person": {"lastName": "Lovelace"}})
    ben = world.api(world.ben)
    expect(ben.post(path, {"isApproved": True}), 404)
    world.api().put(members_path(contact.pk), {"memberUids": [str(world.ben.uid)]})
    expect(ben.post(path, {"isApproved": True}), 409, "ChangeRequestConflict")
    expect(ben.post(path, {"isApproved": False, "comment": "No"}), 204)
    expect(ben.post(path, {"isApproved": True}), 409, "ChangeRequestNotPending")
    expect(petra.get(request_path(contact.pk, request.pk)), 200)


def test_cancelling_conforms(world: World) -> None:
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, HELD["details"])
    path = request_path(contact.pk, request.pk, "cancel")

    expect(world.api(world.petra).post(path), 403, "NotInitiator")
    expect(world.api(world.anna).post(path), 204)
    expect(world.api(world.anna).post(path), 409, "ChangeRequestNotPending")


# --- The client itself ---------------------------------------------------------------------------
ERROR = {"code": "NotFound", "subCode": "NA", "message": "Not found.", "correlationId": "0" * 32}
IDENTIFIED = {"X-Correlation-ID": "0" * 32}
UPDATE = {
    "id": 1,
    "hasPendingChangeRequest": False,
    "hasPendingEmail": False,
    "hasPendingMobile": False,
    "details": {},
}


def answer_of(body: Any, status: int = 200, path: str = details_path(1), **headers: str) -> Any:
    response = HttpResponse(
        json.dumps(body),
        status=status,
        content_type="application/json",
        headers=IDENTIFIED | {name.replace("_", "-"): value for name, value in headers.items()},
    )
    response.wsgi_request = RequestFactory().get(path)
    return response


def test_client_accepts_documented_answers() -> None:
    assert_conforms(answer_of(UPDATE, ETag='"1"'))
    assert_conforms(answer_of(ERROR, 404))
    assert_conforms(answer_of(ERROR, 404, path="/v1.1/nothing"))
    assert_conforms(answer_of({"any": "thing"}, path="/health/live"))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (answer_of(ERROR, 410), "status 410 is not documented"),
        (answer_of({**ERROR, "subCode": "Lost"}, 404), "sub-code Lost is not documented"),
        (answer_of({**UPDATE, "colour": "red"}), "'colour' was unexpected"),
        (answer_of({**UPDATE, "id": "1"}), "'1' is not of type 'integer'"),
        (answer_of({**UPDATE, "id": 2**31}), "is not a 'int32'"),
        (answer_of(UPDATE, Location="/elsewhere"), "headers .* are not documented"),
        (answer_of({}, 404, path="/v1.1/nothing"), "'code' is a required property"),
    ],
)
def test_client_refuses_undocumented_answers(answer: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        assert_conforms(answer)
