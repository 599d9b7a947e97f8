"""Fixtures that the tests of change requests share."""

import pytest

from tests.changerequests.notice_steps import give_addresses
from tests.factories.fixtures import World


@pytest.fixture
def addressed(world: World) -> World:
    """The firm, whose members have email addresses."""
    give_addresses()
    return world
