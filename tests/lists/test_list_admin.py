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
        "label_en": "Red",
        "label_de": "",
        "label_fr": "",
        "other_labels": "",
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


LINK = "Names of the list"


def names(**values: str) -> dict[str, str]:
    return {"label_en": "", "label_de": "", "label_fr": "", "other_labels": "", **values}


def test_a_list_is_added_through_the_service(staff):
    answer = staff.post(f"{LISTS}add/", names(key="sizes", label_en="Sizes", label_de="Größen"))

    created = List.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"{LISTS}{created.pk}/items/"
    assert created.labels == {"en": "Sizes", "de": "Größen"}
    assert last_event() == ("petra", "list_create", ["key", "labels", "source"])


@pytest.mark.parametrize(
    "values",
    [
        {"key": "a b", "label_en": "A"},
        {"key": "a", "label_de": "A"},
        {"key": "a", "label_en": "A", "other_labels": '{"IT": "A"}'},
        {"key": "a", "label_en": "A", "other_labels": "[1]"},
    ],
)
def test_an_illegal_list_shows_its_error(staff, values):
    answer = staff.post(f"{LISTS}add/", names(**values))

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not List.objects.exists()


def test_h3_a_list_is_named_through_the_service(staff, colours):
    address = f"{LISTS}{colours.pk}/change/"
    seen = staff.get(address).context["adminform"].form["seen_labels"].value()
    assert seen == '{"en": "Colours"}'

    answer = staff.post(
        address,
        names(label_en="Colors", label_de=" Farben ", other_labels='{"it": "Colori"}', key="other")
        | {"seen_labels": seen},
    )

    changed = List.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"{LISTS}{colours.pk}/items/"
    assert changed.key == "colours"
    assert changed.labels == {"en": "Colors", "de": "Farben", "it": "Colori"}
    assert changed.revision > colours.revision
    assert last_event() == ("petra", "list_update", ["labels"])


@pytest.mark.parametrize("seen", ['{"en": "Other"}', "", "[]", "{"])
def test_names_that_were_not_seen_are_not_overwritten(staff, colours, seen):
    events = AuditEvent.objects.count()

    answer = staff.post(
        f"{LISTS}{colours.pk}/change/", names(label_en="Mine") | {"seen_labels": seen}
    )

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert 'value="Mine"' in answer.content.decode()
    stored = List.objects.get()
    assert (stored.labels, stored.revision) == ({"en": "Colours"}, colours.revision)
    assert AuditEvent.objects.count() == events


def test_a_list_without_a_name_in_the_default_language_is_refused(staff, colours):
    answer = staff.post(
        f"{LISTS}{colours.pk}/change/",
        names(label_de="Farben") | {"seen_labels": '{"en": "Colours"}'},
    )

    assert answer.status_code == 200
    assert "label_en" in answer.context["adminform"].form.errors
    assert List.objects.get().labels == {"en": "Colours"}


def test_a_reader_views_the_names_of_a_list_and_changes_nothing(client, colours):
    member = get_user_model().objects.create_user("rita", is_staff=True)
    codenames = ["view_list", "view_listitem", "change_listitem"]
    member.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(member)
    address = f"{LISTS}{colours.pk}/change/"

    page = client.get(address)

    assert page.status_code == 200
    assert "en: Colours" in page.content.decode()
    assert LINK not in client.get(f"{LISTS}{colours.pk}/items/").content.decode()
    refused = client.post(address, names(label_en="X") | {"seen_labels": '{"en": "Colours"}'})
    assert refused.status_code == 403
    assert List.objects.get().labels == {"en": "Colours"}


def test_pages_of_lists_speak_german(staff, colours, make_item):
    item = make_item(colours, "RED")
    german = {"Accept-Language": "de"}

    change, listed, item_page = (
        staff.get(address, headers=german).content.decode()
        for address in (f"{LISTS}{colours.pk}/change/", LISTS, f"{ITEMS}{item.pk}/change/")
    )

    for name in ("Schlüssel", "Herkunft", "Revision", "Weitere Bezeichnungen"):
        assert name in change, name
    assert "Schlüssel" in listed
    assert "Herkunft" in listed
    for name in ("Liste", "Schlüssel", "Übergeordneter Eintrag", "Zusätzliche Attribute"):
        assert name in item_page, name
    for name in ("Custom attributes", "another list", ">Key<", "Parent<"):
        assert name not in item_page, name
    assert "_continue" not in change
    assert "_addanother" not in change


def test_the_page_of_a_list_leads_to_its_names(staff, colours):
    assert (
        f"{LISTS}{colours.pk}/change/" in staff.get(f"{LISTS}{colours.pk}/items/").content.decode()
    )


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


def test_s6_nothing_is_deleted(staff, colours, make_item):
    item = make_item(colours, "RED")

    assert staff.post(f"{ITEMS}{item.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{LISTS}{colours.pk}/delete/", {"post": "yes"}).status_code == 403
    staff.post(ITEMS, {"action": "delete_selected", "_selected_action": item.pk, "post": "yes"})

    assert ListItem.objects.filter(pk=item.pk).exists()
    assert List.objects.filter(pk=colours.pk).exists()


def test_reference_lists_are_refreshed_and_the_page_tells_what_changed(staff):
    answer = staff.post(f"{LISTS}refresh/", follow=True)

    texts = [str(message) for message in answer.context["messages"]]
    assert texts[0].startswith("countries: 249 added, 0 changed. AF, AX")
    assert len(texts) == 4
    assert List.objects.filter(source="reference").count() == 4
    again = staff.post(f"{LISTS}refresh/", follow=True)
    assert str(next(iter(again.context["messages"]))) == "countries: 0 added, 0 changed."


def test_who_may_not_edit_does_not_refresh(client, colours):
    reader = get_user_model().objects.create_user("rita", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_list"))
    client.force_login(reader)

    assert "refresh/" not in client.get(LISTS).content.decode()
    assert client.post(f"{LISTS}refresh/").status_code == 403
    assert client.get(f"{LISTS}refresh/").status_code == 405
    assert List.objects.count() == 1
