"""Requests within reach (A2), as lists of them start."""

from dataclasses import replace

import pytest

from changerequests.models import ChangeRequest
from changerequests.selectors.requests import change_request_list
from changerequests.services import Review, change_request_review
from config.common.exceptions import NotFound
from contacts.models import Member
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.submissions import hold, ref_of


@pytest.fixture
def request_of_anna(world: World) -> ChangeRequest:
    return hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})


def test_a2_a_request_is_listed_for_who_reaches_its_contact(
    world: World, request_of_anna: ChangeRequest
) -> None:
    def listed(member: Member | None) -> list[ChangeRequest]:
        return list(change_request_list(actor=world.actor(member)))

    reacher = make_member(permissions=["view_contact", "reach_all_contacts"])
    assert listed(world.anna) == [request_of_anna]
    assert listed(world.petra) == [request_of_anna]
    assert listed(reacher) == [request_of_anna]
    assert listed(None) == [request_of_anna]
    assert listed(world.ben) == []
    assert listed(world.carl) == []


def test_a_request_tells_its_number(request_of_anna: ChangeRequest) -> None:
    assert str(request_of_anna) == f"change request {request_of_anna.pk}"


def test_c4_a_review_names_the_requests_own_target(
    world: World, request_of_anna: ChangeRequest
) -> None:
    elsewhere = replace(ref_of(world.contact()), id=request_of_anna.contact_id + 999)

    with pytest.raises(NotFound):
        change_request_review(
            actor=world.actor(world.petra),
            ref=elsewhere,
            request_id=request_of_anna.pk,
            review=Review(is_approved=True),
        )
