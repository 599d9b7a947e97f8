"""Lists in the back office: named, found, refreshed."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from config.common.models import AuditEvent
from lists.models import List, ListItem
from tests.lists.item_forms import ITEMS, LISTS, last_event

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


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
