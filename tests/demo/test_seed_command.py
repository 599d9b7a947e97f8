"""`seed_demo` as a command, on an empty database."""

import io

import pytest
from django.core.management import call_command

from config.demo.seed import is_empty
from contacts.models import Contact, Member


@pytest.mark.django_db
def test_an_empty_database_is_seeded_with_the_number_that_is_asked_for() -> None:
    assert is_empty()
    output = io.StringIO()

    call_command("seed_demo", if_empty=True, contacts=40, stdout=output)

    assert Contact.objects.count() == 40
    assert Contact.objects.order_by("pk").last().pk == 40
    assert "contacts 40/40" in output.getvalue()
    assert "seeded in" in output.getvalue()


@pytest.mark.django_db
def test_ids_start_at_one_after_a_seeding_that_was_interrupted() -> None:
    drawn = Member.objects.create(username="drawn")
    drawn.delete()

    call_command("seed_demo", contacts=20, stdout=io.StringIO())

    assert Member.objects.get(username="admin").pk == 1
    first = Contact.objects.get(pk=1)
    assert first.details["personalInformation"]["lastName"] == "Crawford"
