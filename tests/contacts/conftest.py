"""Fixtures that the tests of contacts share."""

import pytest

from contacts.models import Contact
from tests.factories.api import details_path
from tests.factories.fixtures import World


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact()


@pytest.fixture
def path(contact: Contact) -> str:
    return details_path(contact.pk)
