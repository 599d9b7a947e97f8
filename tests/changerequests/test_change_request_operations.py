"""Change requests over HTTP: shapes, forms, localised names (C4-C9, D5, D10)."""

from typing import Any

import pytest

from changerequests.models import ChangeRequest
from contacts.models import Contact
from tests.factories.api import details_path, pending_path, request_path
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, submit

Status = ChangeRequest.Status


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact(tiny_details(colours=["RED"]))


@pytest.fixture
def request_of_anna(world: World, contact: Contact) -> ChangeRequest:
    change = {"person": {"lastName": "King", "colours": ["BLUE", "RED"], "isPep": True}}
    return hold(world.actor(world.anna), contact, change)


def is_pending(request: ChangeRequest) -> bool:
    return ChangeRequest.objects.get(pk=request.pk).is_pending


def test_a_request_is_shown_with_its_values(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    answer = world.api(world.anna).get(request_path(contact.pk, request_of_anna.pk))

    shown = answer.json()
    assert answer.status_code == 200
    assert shown.pop("createDate")
    assert shown == {
        "id": request_of_anna.pk,
        "uId": str(request_of_anna.uid),
        "contact": {"id": contact.pk, "uId": str(contact.uid), "name": "Ada Byron"},
        "status": {"id": 1, "name": "Pending"},
        "initiatorMember": {"uId": str(world.anna.uid), "name": "anna"},
        "initiatorComment": None,
        "reviewDate": None,
        "reviewMember": None,
        "reviewComment": None,
        "details": [
            {
                "path": "person.lastName",
                "originalValue": "Byron",
                "targetValue": "King",
                "isApprovalRequired": True,
            },
            {
                "path": "person.colours",
                "originalValue": "Red",
                "targetValue": "Blue; Red",
                "isApprovalRequired": False,
            },
            {
                "path": "person.isPep",
                "originalValue": None,
                "targetValue": "true",
                "isApprovalRequired": False,
            },
        ],
    }


def test_d5_a_request_is_shown_in_the_callers_language(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    path = request_path(contact.pk, request_of_anna.pk)

    answer = world.api(world.anna).get(path, Accept_Language="fr;q=0.5, de-CH")

    assert answer["Content-Language"] == "de"
    assert answer.json()["status"] == {"id": 1, "name": "Ausstehend"}
    assert answer.json()["details"][1]["targetValue"] == "Blue (de); Red (de)"


def test_a_decided_request_shows_its_review(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    decide(world.actor(world.petra), request_of_anna, is_approved=False, comment="no")

    shown = world.api().get(request_path(contact.pk, request_of_anna.pk)).json()

    assert shown["status"] == {"id": 3, "name": "Rejected"}
    assert shown["reviewMember"] == {"uId": str(world.petra.uid), "name": "petra"}
    assert shown["reviewComment"] == "no"
    assert shown["reviewDate"] is not None


def test_the_pending_check_names_the_request(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    api, path = world.api(world.anna), pending_path(contact.pk)

    found = api.get(path).json()
    decide(world.actor(world.petra), request_of_anna)
    after = api.get(path).json()

    assert found["hasPendingChangeRequest"] is True
    assert found["changeRequest"]["id"] == request_of_anna.pk
    assert found["changeRequest"]["initiatorMember"] == {
        "uid": str(world.anna.uid),
        "name": "anna",
    }
    assert after == {"hasPendingChangeRequest": False, "changeRequest": None}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Pending", "Approved", "Rejected", "Cancelled", "Superseded"]),
        ("de", ["Ausstehend", "Genehmigt", "Abgelehnt", "Zurückgezogen", "Überholt"]),
        ("fr", ["En attente", "Approuvée", "Rejetée", "Annulée", "Remplacée"]),
        ("xx", ["Pending", "Approved", "Rejected", "Cancelled", "Superseded"]),
    ],
)
def test_c5_statuses_have_localised_names(world: World, language: str, names: list[str]) -> None:
    path = f"/v1.0/contacts/change-requests/statuses?language={language}"

    answer = world.api(world.carl).get(path)

    assert answer.json() == {
        "changeRequestStatuses": [
            {"id": number, "name": name} for number, name in enumerate(names, start=1)
        ]
    }


def test_a_review_approves(world: World, contact: Contact, request_of_anna: ChangeRequest) -> None:
    path = request_path(contact.pk, request_of_anna.pk, "review")

    answer = world.api(world.petra).post(path, {"isApproved": True, "comment": None})

    assert (answer.status_code, answer.content) == (204, b"")
    details = world.api(world.anna).get(details_path(contact.pk)).json()
    assert details["details"]["person"]["lastName"] == "King"
    assert details["hasPendingChangeRequest"] is False


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"isApproved": "true"},
        {"isApproved": 1},
        {"isApproved": None},
        {"isApproved": True, "comment": "x" * 2001},
        {"isApproved": True, "conflicts": {}},
        {"isApproved": True, "conflicts": [{"path": "person.lastName"}]},
        {"isApproved": True, "conflicts": [{"path": "person.lastName", "take": "target"}]},
        {"isApproved": True, "conflicts": [{"path": "person.lastName", "take": "Target"}]},
        {"isApproved": True, "approved": True},
        [],
    ],
)
def test_c8_a_wrong_review_is_refused(
    world: World, contact: Contact, request_of_anna: ChangeRequest, body: Any
) -> None:
    path = request_path(contact.pk, request_of_anna.pk, "review")

    assert world.api(world.petra).post(path, body).status_code == 400
    assert is_pending(request_of_anna)


def test_c6_a_conflict_is_answered_in_a_second_try(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    submit(world.actor(), contact, {"person": {"colours": ["GREEN"], "lastName": "Other"}})
    path, api = request_path(contact.pk, request_of_anna.pk, "review"), world.api(world.petra)

    refused = api.post(f"{path}?language=de", {"isApproved": True}, Idempotency_Key="k1")
    answers = [
        {"path": "person.colours", "take": "Current"},
        {"path": "person.lastName", "take": "Target"},
    ]
    half = api.post(path, {"isApproved": True, "conflicts": answers[:1]})
    accepted = api.post(path, {"isApproved": True, "conflicts": answers}, Idempotency_Key="k1")

    assert (refused.status_code, refused.json()["subCode"]) == (409, "ChangeRequestConflict")
    conflicts = {each["path"]: each for each in refused.json()["properties"]["conflicts"]}
    assert set(conflicts) == {"person.colours", "person.lastName"}
    assert conflicts["person.colours"] == {
        "path": "person.colours",
        "rowId": None,
        "originalValue": "Red (de)",
        "currentValue": "Green (de)",
        "targetValue": "Blue (de); Red (de)",
    }
    assert (half.status_code, accepted.status_code) == (409, 204)
    person = Contact.objects.get(pk=contact.pk).details["person"]
    assert (person["lastName"], person["colours"]) == ("King", ["GREEN"])


def test_c6_a_grid_in_conflict_is_shown_as_its_rows(world: World) -> None:
    contact = world.contact({**tiny_details(), "channels": {"addresses": [{"city": "x"}]}})
    change = {"channels": {"addresses": [{"city": "x", "street": "one"}]}}
    request = hold(world.actor(world.anna), contact, change)
    submit(world.actor(), contact, {"channels": {"addresses": [{"city": "y"}, {"city": "x"}]}})

    answer = world.api(world.petra).post(
        request_path(contact.pk, request.pk, "review"), {"isApproved": True}
    )

    assert answer.json()["properties"]["conflicts"] == [
        {
            "path": "channels.addresses",
            "rowId": None,
            "originalValue": "x",
            "currentValue": "y; x",
            "targetValue": "x, one",
        }
    ]


def test_cr01_an_own_request_is_refused_over_http_too(world: World, contact: Contact) -> None:
    request = hold(world.actor(world.petra), contact, {"person": {"lastName": "King"}})
    path = request_path(contact.pk, request.pk, "review")

    answer = world.api(world.petra).post(path, {"isApproved": True})

    assert (answer.status_code, answer.json()["subCode"]) == (403, "OwnChangeRequest")
    assert is_pending(request)


def test_cr05_only_the_initiator_cancels_and_only_once(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    path = request_path(contact.pk, request_of_anna.pk, "cancel")

    other = world.api(world.petra).post(path)
    first = world.api(world.anna).post(path, Idempotency_Key="k1")
    again = world.api(world.anna).post(path, Idempotency_Key="k1")
    second = world.api(world.anna).post(path)

    assert (other.status_code, other.json()["subCode"]) == (403, "NotInitiator")
    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"
    assert (second.status_code, second.json()["subCode"]) == (409, "ChangeRequestNotPending")


def test_c9_an_initiator_that_lost_access_cannot_cancel(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    contact.assignments.all().delete()
    path = request_path(contact.pk, request_of_anna.pk, "cancel")

    assert world.api(world.anna).post(path).status_code == 404
    assert is_pending(request_of_anna)


def test_f3_a_body_that_nobody_reads_is_bounded_too(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    path = request_path(contact.pk, request_of_anna.pk, "cancel")

    answer = world.api(world.anna).post(path, b"x" * 1_100_000, Idempotency_Key="k1")

    assert answer.status_code == 413
    assert is_pending(request_of_anna)


def test_a_request_of_another_contact_is_not_found(
    world: World, request_of_anna: ChangeRequest
) -> None:
    other = world.contact()

    answer = world.api(world.anna).get(request_path(other.pk, request_of_anna.pk))
    huge = world.api(world.anna).get(request_path(other.pk, 2**70))

    assert (answer.status_code, huge.status_code) == (404, 404)


def test_cr21_a_rejected_request_leaves_no_trace_in_details(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    path = request_path(contact.pk, request_of_anna.pk, "review")
    assert world.api(world.petra).post(path, {"isApproved": False}).status_code == 204

    shown = world.api(world.anna).get(details_path(contact.pk)).json()
    assert shown["details"] == contact.details
    assert shown["hasPendingChangeRequest"] is False
    assert contact.change_sets.count() == 1
