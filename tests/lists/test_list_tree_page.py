"""The page of one list: a tree with search, labels to edit in place, moving."""

import html
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from lists.models import ListItem
from lists.selectors import list_tree
from lists.services import list_item_deactivate
from tests.factories.lists import list_revisions

pytestmark = [
    pytest.mark.django_db,
    # A checkout that was never built has no collected static files.
    pytest.mark.filterwarnings("ignore:No directory at:UserWarning"),
]


def signed_in(client: Client, *codenames: str) -> Client:
    member = get_user_model().objects.create_user("petra", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(member)
    return client


@pytest.fixture
def staff(client: Client) -> Client:
    return signed_in(client, "view_list", "view_listitem", "add_listitem", "change_listitem")


def address(target) -> str:
    return f"/admin/lists/list/{target.pk}/items/"


def shown(answer) -> list[tuple[str, int]]:
    assert answer.status_code == 200
    return [(row.item.key, row.depth) for row in answer.context["tree"].rows]


@pytest.fixture
def tree(colours, make_item) -> dict[str, ListItem]:
    red = make_item(colours, "RED", labels={"en": "Red", "de": "Rot"})
    items = [red, make_item(colours, "BLUE"), make_item(colours, "PINK", parent_id=red.pk)]
    items.append(make_item(colours, "ROSE", parent_id=items[2].pk))
    return {item.key: item for item in items}


def fields(items, **values: str) -> dict[str, object]:
    """What the browser sends when nothing is edited."""
    sent: dict[str, object] = {"revision": list_revisions(["colours"])["colours"]}
    for item in items:
        sent[f"position-{item.pk}"] = str(item.position)
        for language in ("en", "de", "fr"):
            sent[f"label-{item.pk}-{language}"] = item.labels.get(language, "")
    return {**sent, **values}


def test_a_list_is_a_tree_that_opens(staff, colours, tree):
    red, pink = tree["RED"].pk, tree["PINK"].pk

    assert shown(staff.get(address(colours))) == [("RED", 0), ("BLUE", 0)]
    assert shown(staff.get(address(colours), {"open": red})) == [
        ("RED", 0),
        ("PINK", 1),
        ("BLUE", 0),
    ]
    everything = staff.get(address(colours), {"open": f"{red},{pink},x,{'9' * 40}"})
    assert shown(everything) == [("RED", 0), ("PINK", 1), ("ROSE", 2), ("BLUE", 0)]
    assert [row.child_count for row in everything.context["tree"].rows] == [1, 1, 0, 0]


def test_children_by_parent_and_search(staff, colours, tree):
    red = tree["RED"].pk

    assert shown(staff.get(address(colours), {"parent": red})) == [("PINK", 0)]
    assert shown(staff.get(address(colours), {"q": "rot"})) == [("RED", 0)]
    assert shown(staff.get(address(colours), {"q": "ROS"})) == [("ROSE", 0)]
    assert shown(staff.get(address(colours), {"q": "ros", "parent": red})) == []
    assert shown(staff.get(address(colours), {"q": "\x00"})) == [("RED", 0), ("BLUE", 0)]


def test_items_below_those_of_another_list_are_roots_here(staff, shades, tree, make_item):
    make_item(shades, "DARK", parent_id=tree["RED"].pk)
    make_item(shades, "PLAIN")

    page = staff.get(address(shades))

    assert shown(page) == [("DARK", 0), ("PLAIN", 0)]
    assert [parent["label"] for parent in page.context["parents"]] == ["Red (RED)"]
    assert shown(staff.get(address(shades), {"parent": tree["RED"].pk})) == [("DARK", 0)]


@pytest.mark.parametrize("size", [1, 60])
def test_the_queries_of_the_page_do_not_grow(staff, colours, make_item, size):
    top = [make_item(colours, f"T{number}") for number in range(size)]
    for item in top:
        make_item(colours, f"C{item.key}", parent_id=item.pk)
    opened = ",".join(str(item.pk) for item in top[:40])

    with CaptureQueriesContext(connection) as captured:
        answer = staff.get(address(colours), {"open": opened})

    assert answer.status_code == 200
    # Session, member, permissions (2), the list; count, page, what is open; parents; the badge.
    assert len(captured) <= 11


def test_large_lists_are_paged_and_what_is_open_is_bounded(colours, make_item):
    root = make_item(colours, "ROOT", position=0)
    for number in range(55):
        make_item(colours, f"T{number:02}")
    for number in range(155):
        make_item(colours, f"C{number:03}", parent_id=root.pk)

    def page(number: str | None, **options):
        return list_tree(
            list_id=colours.pk,
            number=number,
            **{"text": "", "parent_id": None, "opened": [], **options},
        )

    assert len(page("1").rows) == 50
    assert len(page("2").rows) == 6
    assert page("x").page.number == 1
    assert page("99").page.number == 2
    cut = page(None, opened=[root.pk])
    assert (len(cut.rows), cut.is_cut) == (200, True)
    assert page(None, parent_id=root.pk).page.paginator.count == 155


def test_labels_and_positions_are_saved_in_place(staff, colours, tree):
    red, blue = tree["RED"], tree["BLUE"]
    sent = fields([red, blue], **{f"label-{red.pk}-fr": "Rouge", f"position-{blue.pk}": " 9 "})

    answer = staff.post(f"{address(colours)}?open=1", sent)

    assert answer.url == f"{address(colours)}?open=1"
    red.refresh_from_db()
    blue.refresh_from_db()
    assert red.labels == {"en": "Red", "de": "Rot", "fr": "Rouge"}
    assert (red.position, blue.position) == (0, 9)


def test_what_was_typed_stays_when_it_is_refused(staff, colours, tree):
    red, blue = tree["RED"], tree["BLUE"]
    sent = fields([red, blue], **{f"label-{red.pk}-en": "", f"label-{blue.pk}-de": "Blau"})

    answer = staff.post(address(colours), sent)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'value="Blau"' in page
    assert "A label in the default language" in page
    blue.refresh_from_db()
    assert blue.labels == {"en": "Blue"}


@pytest.mark.parametrize("position", ["-1", "", "x", "1.5", "9" * 30])
def test_a_position_that_is_none_is_refused(staff, colours, tree, position):
    red = tree["RED"]

    answer = staff.post(address(colours), fields([red], **{f"position-{red.pk}": position}))

    assert answer.status_code == 400
    red.refresh_from_db()
    assert red.position == 0


def test_a_page_that_is_stale_saves_nothing(staff, colours, tree):
    red = tree["RED"]
    sent = fields([red], **{f"label-{red.pk}-en": "Ruby"})
    list_item_deactivate(actor=SYSTEM, item_id=tree["BLUE"].pk)

    answer = staff.post(address(colours), sent)

    assert answer.status_code == 409
    assert 'value="Ruby"' in answer.content.decode()
    red.refresh_from_db()
    assert red.labels["en"] == "Red"


def inputs(answer) -> dict[str, str]:
    """What the browser sends of a page of items."""
    found = re.findall(r'<input[^>]* name="((?:seen|label|position|revision)[^"]*)"[^>]*>', answer)
    return {name: _value(answer, name) for name in found}


def _value(answer: str, name: str) -> str:
    return html.unescape(re.search(f' name="{name}" value="([^"]*)"', answer)[1])


def test_s6_a_stale_page_takes_back_nothing_that_its_reader_has_not_seen(staff, colours, tree):
    red, blue = tree["RED"].pk, tree["BLUE"].pk
    first, second = (inputs(staff.get(address(colours)).text) for _ in range(2))
    theirs = {f"label-{red}-en": "Ruby", f"label-{red}-de": "", f"position-{blue}": "7"}
    assert staff.post(address(colours), {**first, **theirs}).status_code == 302

    mine = {f"label-{red}-en": "Scarlet", f"label-{red}-de": "Rubin", f"label-{blue}-en": "Sky"}
    refused = staff.post(address(colours), {**second, **mine})

    assert refused.status_code == 409
    # Beside what was typed stands what is stored; what was left alone is what is stored.
    again = inputs(refused.text)
    assert again.items() >= {**mine, f"position-{blue}": "7"}.items()
    assert re.findall(r"Changed meanwhile: ([^<]*)<", refused.text) == ["Ruby", "–"]

    assert staff.post(address(colours), again).status_code == 302
    stored = {item.key: (item.labels, item.position) for item in ListItem.objects.all()}
    assert stored["RED"] == ({"en": "Scarlet", "de": "Rubin"}, 0)
    assert stored["BLUE"] == ({"en": "Sky"}, 7)


def test_an_item_is_moved(staff, colours, tree):
    blue = tree["BLUE"]

    answer = staff.post(f"{address(colours)}move/?q=b", {"item": blue.pk, "to": "up"})

    assert answer.url == f"{address(colours)}?q=b"
    assert shown(staff.get(address(colours))) == [("BLUE", 0), ("RED", 0)]
    staff.post(f"{address(colours)}move/", {"item": blue.pk, "to": "down"})
    assert shown(staff.get(address(colours))) == [("RED", 0), ("BLUE", 0)]


@pytest.mark.parametrize("item", ["", "x", "1000000"])
def test_moving_what_is_not_in_the_list_is_404(staff, colours, shades, tree, item):
    assert staff.post(f"{address(colours)}move/", {"item": item}).status_code == 404
    red = tree["RED"].pk
    assert staff.post(f"{address(shades)}move/", {"item": red}).status_code == 404


def test_an_unknown_list_is_404(staff):
    assert staff.get("/admin/lists/list/1000000/items/").status_code == 404


def test_who_may_only_view_sees_no_fields_and_writes_nothing(client, colours, tree):
    reader = signed_in(client, "view_list", "view_listitem")
    red = tree["RED"]

    page = reader.get(address(colours)).content.decode()

    assert "Red" in page
    assert "label-" not in page
    assert "Import…" not in page
    assert reader.post(address(colours), fields([red])).status_code == 403
    assert reader.post(f"{address(colours)}move/", {"item": red.pk}).status_code == 403


def test_who_may_see_no_items_is_refused(client, colours):
    assert signed_in(client, "view_list").get(address(colours)).status_code == 403


def test_labels_are_text_on_the_page(staff, colours, make_item):
    make_item(colours, "RED", labels={"en": '"><script>alert(1)</script>'})

    assert "<script>alert(1)" not in staff.get(address(colours)).content.decode()
