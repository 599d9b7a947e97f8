"""One seeded database for all tests of a module; what a test writes is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from config.demo.seed import seed

CONTACTS = 200


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The lines that seeding reports, once for a module in each process; until its last test the
    database holds the demo.
    """
    lines: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        seed(CONTACTS, lines.append)
        yield lines
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded: list[str], db: None) -> None:
    """The demo, for reading and for writes that end with the test."""
