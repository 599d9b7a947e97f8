"""What a reviewer has seen of a conflict, and what it may see (A1, C6)."""

from typing import Any

import pytest

from changerequests.models import ChangeRequest
from contacts.models import Contact
from tests.factories.api import Api, request_path
from tests.factories.contacts import make_app, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold, submit
from tests.factories.tokens import bearer

Shown = dict[str, Any]


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact(tiny_details(colours=["RED"]))


@pytest.fixture
def request_of_anna(world: World, contact: Contact) -> ChangeRequest:
    change = {"person": {"lastName": "King", "colours": ["BLUE", "RED"]}}
    return hold(world.actor(world.anna), contact, change)


def is_pending(request: ChangeRequest) -> bool:
    return ChangeRequest.objects.get(pk=request.pk).is_pending


def conflicts_of(answer: Any) -> list[Shown]:
    assert (answer.status_code, answer.json()["subCode"]) == (409, "ChangeRequestConflict")
    found: list[Shown] = answer.json()["properties"]["conflicts"]
    return found


def answered(conflicts: list[Shown]) -> Shown:
    """A review that keeps today's values, as they were shown."""
    answers = [
        {"path": each["path"], "take": "Current", "currentValue": each["currentValue"]}
        for each in conflicts
    ]
    return {"isApproved": True, "conflicts": answers}


def test_c6_an_answer_counts_as_long_as_its_value_is_todays(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    """The value moves again between the 409 and the review that answers it."""
    path, api = request_path(contact.pk, request_of_anna.pk, "review"), world.api(world.petra)
    german = f"{path}?language=de"

    submit(world.actor(), contact, {"person": {"colours": ["GREEN"], "lastName": "Other"}})
    first = conflicts_of(api.post(german, {"isApproved": True}))
    submit(world.actor(), contact, {"person": {"colours": None}})

    second = conflicts_of(api.post(german, answered(first)))
    assert is_pending(request_of_anna)
    # The texts are those of the answer's language, and of no other.
    submit(world.actor(), contact, {"person": {"colours": ["GREEN"]}})
    third = conflicts_of(api.post(german, answered(second)))
    conflicts_of(api.post(path, answered(third)))
    assert is_pending(request_of_anna)
    accepted = api.post(german, answered(third))

    texts = [{each["path"]: each["currentValue"] for each in found} for found in (first, second)]
    assert texts == [
        {"person.colours": "Green (de)", "person.lastName": "Other"},
        {"person.colours": None, "person.lastName": "Other"},
    ]
    assert third == first
    assert accepted.status_code == 204
    person = Contact.objects.get(pk=contact.pk).details["person"]
    assert (person["lastName"], person["colours"]) == ("Other", ["GREEN"])


@pytest.mark.parametrize("current", [5, [], "a\x00"])
def test_c6_a_value_of_today_that_is_no_text_is_refused(
    world: World, contact: Contact, request_of_anna: ChangeRequest, current: Any
) -> None:
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})
    answer = {"path": "person.lastName", "take": "Target", "currentValue": current}
    path = request_path(contact.pk, request_of_anna.pk, "review")

    refused = world.api(world.petra).post(path, {"isApproved": True, "conflicts": [answer]})

    errors = refused.json()["properties"]["errors"]
    assert [each["path"] for each in errors] == ["conflicts[0].currentValue"]
    assert is_pending(request_of_anna)


def test_a1_a_conflict_has_no_values_for_a_reviewer_who_may_not_read(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    """Deciding takes the permission to review and no other; values take the one to read."""
    blind = make_member(permissions=["review_changerequest", "reach_all_contacts"])
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})
    path, api = request_path(contact.pk, request_of_anna.pk, "review"), world.api(blind)
    place = {"path": "person.lastName"}

    told = api.post(path, {"isApproved": True})

    assert api.get(request_path(contact.pk, request_of_anna.pk)).status_code == 403
    assert (told.status_code, told.json()["subCode"]) == (409, "ChangeRequestConflict")
    assert told.json()["properties"]["conflicts"] == [{**place, "rowId": None}]
    assert "Other" not in told.content.decode()
    assert is_pending(request_of_anna)
    decided = api.post(path, {"isApproved": True, "conflicts": [{**place, "take": "Target"}]})
    assert decided.status_code == 204


@pytest.mark.parametrize("guess", ["Other", "Another", None])
def test_a1_who_may_not_read_learns_nothing_by_guessing_what_is_stored(
    world: World, contact: Contact, request_of_anna: ChangeRequest, guess: str | None
) -> None:
    blind = make_member(permissions=["review_changerequest", "reach_all_contacts"])
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})
    answer = {"path": "person.lastName", "take": "Current", "currentValue": guess}
    path = request_path(contact.pk, request_of_anna.pk, "review")

    told = world.api(blind).post(path, {"isApproved": True, "conflicts": [answer]})

    assert conflicts_of(told) == [{"path": "person.lastName", "rowId": None}]
    assert is_pending(request_of_anna)


def test_a1_a_conflict_has_no_values_for_an_app_that_may_not_read(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})
    writer = Api(bearer(world.petra, app=make_app(scopes=["contacts.write"])))

    told = writer.post(request_path(contact.pk, request_of_anna.pk, "review"), {"isApproved": True})

    assert told.json()["properties"]["conflicts"] == [{"path": "person.lastName", "rowId": None}]


def test_c6_more_than_a_thousand_conflicts_are_answered_one_by_one(world: World) -> None:
    def streets(name: str) -> Shown:
        rows = [{"id": str(each), "street": f"{name}{each}", "city": name} for each in range(501)]
        return {"channels": {"addresses": rows}}

    contact = world.contact({**tiny_details(), **streets("old")})
    request = hold(world.actor(world.anna), contact, streets("asked"))
    submit(world.actor(), contact, streets("now"))
    path, api = request_path(contact.pk, request.pk, "review"), world.api(world.petra)

    found = conflicts_of(api.post(path, {"isApproved": True}))
    assert len(found) == 1_002
    answers = answered(found)
    answers["conflicts"][0]["take"] = "Target"
    short = {**answers, "conflicts": answers["conflicts"][1:]}
    assert len(conflicts_of(api.post(path, short))) == 1_002
    accepted = api.post(path, answers)

    assert accepted.status_code == 204
    rows = Contact.objects.get(pk=contact.pk).details["channels"]["addresses"]
    changed = {key for each in rows for key, value in each.items() if value.startswith("asked")}
    assert (len(rows), len(changed)) == (501, 1)
    too_many = {"isApproved": True, "conflicts": [{"path": "a", "take": "Target"}] * 10_001}
    assert api.post(path, too_many).status_code == 400
