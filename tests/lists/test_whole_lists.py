"""Whole lists on the API, and what lookups and lists take and keep (S6, S7, Q2)."""

import json
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from lists.models import ListItem
from lists.selectors import Lookup, list_contents, list_items_lookup
from lists.services import ListItemValues, list_item_create, list_item_deactivate, list_item_update
from tests.lists.lookups import ITEMS, errors, keys, search


# --- Whole lists -------------------------------------------------------------------------------
def test_s7_whole_lists_hold_active_items_in_order(api, colours, shades, make_item):
    red = make_item(colours, "RED", position=5)
    make_item(colours, "BLUE", position=1, labels={"en": "Blue", "de": "Blau"})
    gone = make_item(colours, "GONE")
    list_item_deactivate(actor=SYSTEM, item_id=gone.pk)

    answer = api.post(ITEMS, {"listKeys": ["shades", "colours", "shades"]}, Accept_Language="de")

    shades_items, colours_items = json.loads(answer.content)["items"]
    assert shades_items == {"listKey": "shades", "listItems": []}
    assert [(item["key"], item["label"]) for item in colours_items["listItems"]] == [
        ("BLUE", "Blau"),
        ("RED", "Red"),
    ]
    assert colours_items["listItems"][1] == {
        "id": red.pk,
        "uid": str(red.uid),
        "label": "Red",
        "key": "RED",
        "customAttributes": None,
    }


@pytest.mark.parametrize("body", [{}, {"listKeys": None}, {"listKeys": []}])
def test_q2_no_list_named_means_all(api, colours, shades, body):
    answer = api.post(ITEMS, body)

    assert [entry["listKey"] for entry in json.loads(answer.content)["items"]] == [
        "colours",
        "shades",
    ]


def test_s7_unknown_lists_in_the_body_are_400(api, colours):
    answer = api.post(ITEMS, {"listKeys": ["unknown", "colours", "other"]})

    assert errors(answer) == [("listKeys[0]", "Unknown"), ("listKeys[2]", "Unknown")]
    assert b"other" not in answer.content


@pytest.mark.parametrize(
    "body", [{"listKeys": "colours"}, {"listKeys": [1]}, {"listKeys": [None]}, {"keys": []}]
)
def test_q4_a_wrong_body_is_400(api, colours, body):
    assert api.post(ITEMS, body).status_code == 400


# --- Statements and caches ---------------------------------------------------------------------
def statements(call) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


@pytest.mark.parametrize("size", [1, 150])
def test_statements_do_not_grow_with_the_list(api, colours, make_item, size):
    for number in range(size):
        make_item(colours, f"C{number}")

    def lookup() -> None:
        search(api, {"filter": "c", "limit": 100})

    # The caller; the revision; the labels, since this test's transaction may still be rolled back;
    # the items found.
    assert [statements(lookup), statements(lookup)] == [4, 2]
    including = {"filter": "c", "limit": 100, "includeKey": "C0", "includeId": 1}
    assert statements(lambda: search(api, including)) == 4
    assert [statements(lambda: api.post(ITEMS, {})) for _ in range(2)] == [3, 2]


def test_s6_an_edit_is_seen_by_the_next_call(api, cantons):
    bern = ListItem.objects.get(key="C1")
    assert keys(search(api, {"filter": "bern"})) == ["C1"]
    assert b"Bern" in api.post(ITEMS, {}).content

    values = ListItemValues(labels={"en": "Berne"}, position=0)
    list_item_update(actor=SYSTEM, item_id=bern.pk, values=values)

    answer = search(api, {"filter": "bern"})
    assert json.loads(answer.content)["items"][0]["label"] == "Berne"
    assert b"Berne" in api.post(ITEMS, {}).content


@pytest.mark.django_db(transaction=True)
def test_s6_an_edit_by_another_connection_is_seen_at_once(colours, make_item):
    make_item(colours, "RED")

    def found() -> list[str]:
        items = list_items_lookup(list_key="colours", lookup=Lookup(), language="en").items
        return [item.key for item in items]

    assert found() == ["RED"]

    def edit() -> None:
        values = ListItemValues(labels={"en": "Blue"})
        list_item_create(actor=SYSTEM, list_id=colours.pk, key="BLUE", values=values)
        connection.close()

    thread = threading.Thread(target=edit)
    thread.start()
    thread.join()

    assert found() == ["RED", "BLUE"]
    assert b"BLUE" in list_contents(keys=None, language="en")[0][1]
