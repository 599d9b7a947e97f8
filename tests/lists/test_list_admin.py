"""The back office of lists."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from config.common.models import AuditEvent
from lists.models import List, ListItem

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]

LISTS, ITEMS = "/admin/lists/list/", "/admin/lists/listitem/"


@pytest.fixture
def staff(client: Client) -> Client:
    member = get_user_model().objects.create_user("petra", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(content_type__app_label="lists"))
    client.force_login(member)
    return client


def last_event() -> tuple[str, str, list[str]]:
    event = AuditEvent.objects.order_by("id").last()
    return event.member.username, event.operation, event.fields


def form(target: List, **values: object) -> dict[str, object]:
    return {
        "list": target.pk,
        "key": "RED",
        "labels": '{"en": "Red"}',
        "parent": "",
        "custom_attributes": "",
        "position": "",
        **values,
    }


def test_lists_are_shown_with_their_sizes(staff, colours, shades, make_item):
    make_item(colours, "RED")

    page = staff.get(LISTS)

    assert page.status_code == 200
    rows = page.context["cl"].result_list
    assert [(row.key, row.item_count) for row in rows] == [("colours", 1), ("shades", 0)]
    assert "Colours" in page.content.decode()


def test_a_list_is_added_through_the_service(staff):
    answer = staff.post(f"{LISTS}add/", {"key": "sizes", "labels": '{"en": "Sizes"}'})

    assert answer.status_code == 302
    assert List.objects.get().labels == {"en": "Sizes"}
    assert last_event() == ("petra", "list_create", ["key", "labels", "source"])


@pytest.mark.parametrize(
    "values", [{"key": "a b", "labels": '{"en": "A"}'}, {"key": "a", "labels": '{"de": "A"}'}]
)
def test_an_illegal_list_shows_its_error(staff, values):
    answer = staff.post(f"{LISTS}add/", values)

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not List.objects.exists()


def test_a_list_is_viewed_but_not_changed(staff, colours):
    address = f"{LISTS}{colours.pk}/change/"

    assert staff.get(address).status_code == 200
    assert staff.post(address, {"key": "other", "labels": '{"en": "Other"}'}).status_code == 403
    assert List.objects.get().key == "colours"


def test_items_are_found_by_key_and_label(staff, colours, make_item):
    make_item(colours, "RED", labels={"en": "Red", "de": "Rot"})
    make_item(colours, "BLUE")

    by_label = staff.get(ITEMS, {"q": "rot"}).context["cl"].result_list
    by_key = staff.get(ITEMS, {"q": "BLU"}).context["cl"].result_list

    assert [item.key for item in by_label] == ["RED"]
    assert [item.key for item in by_key] == ["BLUE"]


@pytest.mark.parametrize("item_count", [2, 30])
def test_the_queries_of_the_items_page_do_not_grow(
    staff, colours, make_item, django_assert_max_num_queries, item_count
):
    for number in range(item_count):
        make_item(colours, f"C{number}")

    with django_assert_max_num_queries(9):
        staff.get(ITEMS)


def test_an_item_is_added_through_the_service(staff, colours, shades, make_item):
    make_item(colours, "BLUE")
    parent = make_item(shades, "DARK")

    answer = staff.post(
        f"{ITEMS}add/", form(colours, parent=parent.pk, custom_attributes='{"a": 1}')
    )

    assert answer.status_code == 302
    item = ListItem.objects.get(key="RED")
    assert (item.list, item.parent, item.position) == (colours, parent, 1)
    assert item.custom_attributes == {"a": 1}
    assert last_event()[:2] == ("petra", "list_item_create")


@pytest.mark.parametrize(
    "values",
    [
        {"key": "red"},
        {"key": "BLUE"},
        {"labels": "{}"},
        {"labels": "no json"},
        {"custom_attributes": "[1]"},
        {"custom_attributes": '{"a": NaN}'},
        {"position": "-1"},
        {"parent": "1000000"},
    ],
)
def test_an_illegal_item_shows_its_error(staff, colours, make_item, values):
    make_item(colours, "BLUE")

    answer = staff.post(f"{ITEMS}add/", form(colours, **values))

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert ListItem.objects.count() == 1


def test_an_item_is_changed_but_its_key_and_list(staff, colours, shades, make_item):
    item = make_item(colours, "RED", position=3)

    answer = staff.post(
        f"{ITEMS}{item.pk}/change/",
        form(shades, key="BLUE", labels='{"en": "Ruby"}', is_active="on"),
    )

    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.list, item.key, item.labels) == (colours, "RED", {"en": "Ruby"})
    assert (item.position, item.is_active) == (3, True)
    assert last_event() == ("petra", "list_item_update", ["labels"])


def test_s6_an_item_is_deactivated_and_activated(staff, colours, make_item):
    item = make_item(colours, "RED")
    address = f"{ITEMS}{item.pk}/change/"

    staff.post(address, form(colours))
    item.refresh_from_db()
    assert item.is_active is False
    assert last_event() == ("petra", "list_item_deactivate", ["is_active"])

    staff.post(address, form(colours, is_active="on"))
    item.refresh_from_db()
    assert item.is_active is True
    assert last_event() == ("petra", "list_item_activate", ["is_active"])


def test_a_parent_below_the_item_shows_an_error(staff, colours, make_item):
    item = make_item(colours, "RED")
    child = make_item(colours, "PINK", parent_id=item.pk)

    answer = staff.post(f"{ITEMS}{item.pk}/change/", form(colours, parent=child.pk))

    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors
    item.refresh_from_db()
    assert (item.parent, item.is_active) == (None, True)


def test_s6_nothing_is_deleted(staff, colours, make_item):
    item = make_item(colours, "RED")

    assert staff.post(f"{ITEMS}{item.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{LISTS}{colours.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(ITEMS, {"action": "delete_selected", "_selected_action": item.pk, "post": "yes"})

    assert ListItem.objects.filter(pk=item.pk).exists()
    assert List.objects.filter(pk=colours.pk).exists()
