"""One seeded database for all tests of this directory; what a test writes is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from config.demo.seed import seed

CONTACTS = 200


@pytest.fixture(scope="package")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The lines that seeding reports, once per process; the database holds the demo meanwhile."""
    lines: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        seed(CONTACTS, lines.append)
        yield lines
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded: list[str]) -> Iterator[None]:
    """The demo, for reading and for writes that end with the test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
