"""Who uses an item, shown before it is deactivated (S6)."""

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from contacts.models import ChangeSet
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.targets import LEGAL_ENTITY
from crmschema.selectors import compiled
from crmschema.services import schema_create
from lists.models import ListItem
from lists.registry import ITEM_USES, ItemUseCounter
from lists.selectors import list_item_uses
from lists.services import list_item_deactivate
from tests.e2e.details import demo_details
from tests.factories.schemas import form, select
from tests.factories.submissions import hold

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


def counts(list_key: str, item_key: str) -> dict[str, int | None]:
    item = ListItem.objects.select_related("list").get(list__key=list_key, key=item_key)
    return {str(use.name): use.count for use in list_item_uses(item)}


def details(**personal: object) -> dict[str, Any]:
    """A client's details, Swiss by address and tax, with other personal information."""
    whole = demo_details()
    return {**whole, "personalInformation": {**whole["personalInformation"], **personal}}


def test_s6_contacts_are_counted_where_their_schema_has_the_list(demo_world):
    demo_world.contact(details())
    demo_world.contact(details(nationalities=["FR", "AT"]))
    # The same text in a field that is no list counts for nothing.
    demo_world.contact(details(placeOfBirth="FR"))

    assert counts("countries", "FR")["Contacts"] == 1
    assert counts("countries", "AT")["Contacts"] == 1
    # In rows of grids.
    assert counts("countries", "CH")["Contacts"] == 3
    assert counts("languages", "FR")["Contacts"] == 0
    assert counts("countries", "NZ")["Contacts"] == 0


def test_s6_a_list_that_no_schema_names_is_used_by_nobody(world, shades, make_item):
    make_item(shades, "DARK")

    assert counts("shades", "DARK") == {
        "Active items below it": 0,
        "Contacts": 0,
        "Legal entities": 0,
        "Pending change requests": 0,
    }


def test_s6_pending_requests_count_by_path_and_value(demo_world):
    contact = demo_world.contact(details())
    change = {"personalInformation": {"lastName": "NZ", "nationalities": ["NZ", "FJ"]}}
    hold(demo_world.actor(demo_world.anna), contact, change)

    assert counts("countries", "NZ")["Pending change requests"] == 1
    assert counts("countries", "FJ")["Pending change requests"] == 1
    assert counts("countries", "CH")["Pending change requests"] == 0
    assert counts("currencies", "CHF")["Pending change requests"] == 0
    ChangeRequest.objects.update(status=ChangeRequest.Status.REJECTED)
    assert counts("countries", "NZ")["Pending change requests"] == 0


def test_s6_a_value_of_a_field_that_is_no_list_counts_for_nothing(demo_world):
    contact = demo_world.contact(details())
    hold(demo_world.actor(demo_world.anna), contact, {"personalInformation": {"lastName": "NZ"}})

    assert counts("countries", "NZ")["Pending change requests"] == 0


def test_s6_legal_entities_are_counted(demo_world):
    schema = schema_create(
        actor=SYSTEM, key="legalentity", schema=form(select("seat", "countries"))
    )
    compiled_now = compiled("legalentity")
    creation = DetailsCreation(
        uid=uuid.uuid4(), compiled=compiled_now, document={"seat": "CH"}, own={}
    )
    details_create(origin=Origin(ChangeSet.Source.SYSTEM), kind=LEGAL_ENTITY, creations=[creation])

    assert schema.key == "legalentity"
    assert counts("countries", "CH")["Legal entities"] == 1
    assert counts("countries", "AT")["Legal entities"] == 0


def test_s6_items_below_count_while_they_are_active(colours, make_item):
    red = make_item(colours, "RED")
    pink = make_item(colours, "PINK", parent_id=red.pk)
    assert counts("colours", "RED")["Active items below it"] == 1

    list_item_deactivate(actor=SYSTEM, item_id=pink.pk)

    assert counts("colours", "RED")["Active items below it"] == 0


@pytest.fixture
def counter(monkeypatch):
    """One more way of counting."""

    def register(count) -> None:
        entries = [*ITEM_USES, ItemUseCounter("Slow", count)]
        monkeypatch.setattr(ITEM_USES, "_entries", entries)

    return register


def test_s6_a_count_that_takes_too_long_is_given_up(colours, make_item, counter, monkeypatch):
    make_item(colours, "RED")
    monkeypatch.setattr("lists.selectors.uses._MILLISECONDS", 20)

    def slow(list_key: str, item_key: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return 0

    counter(slow)

    assert counts("colours", "RED")["Slow"] is None
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_s6_the_limit_ends_with_the_count(colours, make_item):
    make_item(colours, "RED")

    counts("colours", "RED")

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_other_failures_are_no_counts(colours, make_item, counter):
    make_item(colours, "RED")

    def broken(list_key: str, item_key: str) -> int:
        raise OperationalError("away")

    counter(broken)

    with pytest.raises(OperationalError):
        counts("colours", "RED")


@pytest.mark.parametrize("size", [1, 12])
def test_the_statements_of_counting_do_not_grow(world, size):
    for _ in range(size):
        world.contact()
    item = ListItem.objects.select_related("list").get(list__key="colours", key="RED")
    list_item_uses(item)

    with CaptureQueriesContext(connection) as captured:
        list_item_uses(item)

    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 12


def test_s6_the_page_says_who_uses_an_item(world, client):
    world.contact()
    item = ListItem.objects.get(list__key="colours", key="RED")
    member = get_user_model().objects.create_user("rosa", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(content_type__app_label="lists"))
    client.force_login(member)

    page = client.get(f"/admin/lists/listitem/{item.pk}/deactivate/")

    assert page.status_code == 200
    assert [str(use.name) for use in page.context["uses"]] == [
        "Active items below it",
        "Contacts",
        "Legal entities",
        "Pending change requests",
    ]
