"""Fixtures that the tests of change requests share."""

from datetime import timedelta

import pytest

from changerequests.models import ChangeRequest
from tests.changerequests.found_requests import DAY, Requests
from tests.changerequests.notice_steps import give_addresses
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold


@pytest.fixture
def addressed(world: World) -> World:
    """The firm, whose members have email addresses."""
    give_addresses()
    return world


@pytest.fixture
def requests(world: World) -> Requests:
    of_anna = world.contact()
    of_ben = world.contact(adviser=world.ben)
    of_carl = world.contact({**tiny_details(), "channels": {}}, adviser=world.carl)
    anna, petra = world.actor(world.anna), world.actor(world.petra)
    approved = decide(petra, hold(anna, of_anna, {"person": {"lastName": "King"}}))
    pending = hold(anna, of_anna, {"person": {"lastName": "Byron", "nickname": "B"}})
    rejected = decide(
        world.actor(world.ben),
        hold(petra, of_ben, {"person": {"lastName": "King"}}),
        is_approved=False,
    )
    address = {"channels": {"addresses": [{"city": "x"}, {"street": "one"}]}}
    carls = hold(world.actor(world.carl), of_carl, address)
    for days, request in enumerate((approved, pending, rejected, carls)):
        dates = {"created_at": DAY + timedelta(days=days)}
        if request.reviewer_id is not None:
            dates["reviewed_at"] = DAY + timedelta(days=10 - days)
        ChangeRequest.objects.filter(pk=request.pk).update(**dates)
        request.refresh_from_db()
    return Requests(world, of_anna, of_ben, of_carl, approved, pending, rejected, carls)
