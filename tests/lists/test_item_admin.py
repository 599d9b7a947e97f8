"""Items in the back office: added, changed, deactivated, never over what was not seen (S6)."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from lists.models import ListItem
from tests.lists.item_forms import ITEMS, form, last_event

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


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
        {"label_en": ""},
        {"label_en": "x" * 251},
        {"label_de": "a\x01b"},
        {"other_labels": "no json"},
        {"other_labels": "[1]"},
        {"other_labels": '{"it": 1}'},
        {"other_labels": '{"no language": "x"}'},
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
        form(
            shades, key="BLUE", label_en="Ruby", label_fr="Rubis", other_labels='{"it": "Rubino"}'
        ),
    )

    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.list, item.key, item.labels) == (
        colours,
        "RED",
        {"en": "Ruby", "fr": "Rubis", "it": "Rubino"},
    )
    assert (item.position, item.is_active) == (3, True)
    assert last_event() == ("petra", "list_item_update", ["labels"])


def test_s6_a_stale_form_of_an_item_saves_nothing(staff, colours, make_item):
    item = make_item(colours, "RED", custom_attributes={"hex": "é", "share": 1.0})
    page = f"{ITEMS}{item.pk}/change/"
    seen = staff.get(page).context["adminform"].form["seen_values"].value()
    mine = form(colours, label_en="Ruby", seen_values=seen)
    theirs = form(colours, label_en="Scarlet", seen_values=seen)

    assert staff.post(page, theirs).status_code == 302
    answer = staff.post(page, mine)

    assert answer.status_code == 200
    assert "was changed by somebody else meanwhile" in answer.text
    item.refresh_from_db()
    assert item.labels == {"en": "Scarlet"}


@pytest.mark.parametrize("seen", ["[]", "1", '{"labels": 1}', "{"])
def test_a_form_that_says_what_nobody_can_have_seen_saves_nothing(staff, colours, make_item, seen):
    item = make_item(colours, "RED")

    answer = staff.post(f"{ITEMS}{item.pk}/change/", form(colours, seen_values=seen, label_en="X"))

    assert answer.status_code == 200
    item.refresh_from_db()
    assert item.labels == {"en": "Red"}


def test_s6_an_item_is_deactivated_and_activated(staff, colours, make_item):
    item = make_item(colours, "RED")
    page = f"{ITEMS}{item.pk}/change/"

    assert "Deactivate…" in staff.get(page).content.decode()
    assert staff.get(f"{ITEMS}{item.pk}/deactivate/").status_code == 200
    item.refresh_from_db()
    assert item.is_active is True

    assert staff.post(f"{ITEMS}{item.pk}/deactivate/").url == page
    item.refresh_from_db()
    assert item.is_active is False
    assert last_event() == ("petra", "list_item_deactivate", ["is_active"])
    assert "Offer it again" in staff.get(page).content.decode()

    assert staff.post(f"{ITEMS}{item.pk}/activate/").url == page
    item.refresh_from_db()
    assert item.is_active is True
    assert last_event() == ("petra", "list_item_activate", ["is_active"])


def test_s6_saving_the_form_keeps_an_inactive_item_inactive(staff, colours, make_item):
    item = make_item(colours, "RED")
    staff.post(f"{ITEMS}{item.pk}/deactivate/")

    staff.post(f"{ITEMS}{item.pk}/change/", form(colours, label_en="Ruby"))

    item.refresh_from_db()
    assert (item.labels, item.is_active) == ({"en": "Ruby"}, False)


@pytest.mark.parametrize("route", ["deactivate", "activate"])
def test_who_may_only_view_neither_deactivates_nor_sees_fields(client, colours, make_item, route):
    item = make_item(colours, "RED", labels={"en": "Red", "it": "Rosso"})
    reader = get_user_model().objects.create_user("rita", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_listitem"))
    client.force_login(reader)

    assert client.post(f"{ITEMS}{item.pk}/{route}/").status_code == 403
    page = client.get(f"{ITEMS}{item.pk}/change/").content.decode()

    assert "en: Red, it: Rosso" in page
    assert "Deactivate…" not in page
    assert client.post(f"{ITEMS}{item.pk}/change/", form(colours)).status_code == 403
    item.refresh_from_db()
    assert item.is_active is True


def test_unknown_items_are_404(staff, colours):
    assert staff.get(f"{ITEMS}1000000/deactivate/").status_code == 404
    assert staff.post(f"{ITEMS}1000000/activate/").status_code == 404


def test_the_form_starts_with_the_list_and_parent_of_the_page_before(staff, colours, make_item):
    parent = make_item(colours, "RED")

    page = staff.get(f"{ITEMS}add/", {"list": colours.pk, "parent": parent.pk})
    strange = staff.get(f"{ITEMS}add/", {"list": "x", "parent": "9" * 30})

    initial = page.context["adminform"].form.initial
    assert (initial["list"], initial["parent"]) == (colours.pk, parent.pk)
    assert strange.status_code == 200


def test_a_parent_below_the_item_shows_an_error(staff, colours, make_item):
    item = make_item(colours, "RED")
    child = make_item(colours, "PINK", parent_id=item.pk)

    answer = staff.post(f"{ITEMS}{item.pk}/change/", form(colours, parent=child.pk))

    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors
    item.refresh_from_db()
    assert (item.parent, item.is_active) == (None, True)
