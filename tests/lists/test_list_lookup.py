"""Lookups and whole lists on the API (S6, S7), and what they withstand."""

import json
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from lists.models import List, ListItem, ListItemLabel
from lists.selectors import Lookup, list_contents, list_items_lookup
from lists.services import (
    ListItemValues,
    list_item_activate,
    list_item_create,
    list_item_deactivate,
    list_item_update,
    list_labels_rebuild,
    reference_lists_refresh,
)
from tests.factories.api import Api
from tests.factories.contacts import make_app
from tests.factories.effort import calls_of
from tests.factories.tokens import bearer

ITEMS = "/v1.0/lists/items"


@pytest.fixture
def api(db: None) -> Api:
    return Api(bearer(app=make_app()))


def search(api: Api, body: dict[str, object] | None = None, key: str = "colours", **headers: str):
    return api.post(f"/v1.0/lists/{key}/search", body or {}, **headers)


def keys(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["key"] for item in json.loads(answer.content)["items"]]


def total(answer) -> int:
    return json.loads(answer.content)["totalCount"]


def errors(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.content
    body = json.loads(answer.content)
    return [(each["path"], each["code"]) for each in body["properties"]["errors"]]


@pytest.fixture
def cantons(colours, make_item) -> List:
    """Items of `colours`, in an order of their own."""
    labels = ["Zürich", "Bern", "Neuenburg", "Genf", "Freiburg", "Uri", "St. Gallen"]
    for position, label in enumerate(labels):
        make_item(colours, f"C{position}", labels={"en": label, "fr": f"Le {label}"})
    return colours


def test_s7_an_item_has_the_members_of_the_contract(api, colours, make_item):
    item = make_item(colours, "RED", custom_attributes={"rgb": [255, 0, 0], "name": "é"})

    answer = search(api)

    assert json.loads(answer.content) == {
        "items": [
            {
                "id": item.pk,
                "uid": str(item.uid),
                "label": "Red",
                "key": "RED",
                "customAttributes": '{"rgb":[255,0,0],"name":"é"}',
            }
        ],
        "totalCount": 1,
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("zur", ["C0"]),
        ("ZÜR", ["C0"]),
        ("u\u0308r", ["C5", "C0", "C2", "C4"]),
        ("ur", ["C5", "C0", "C2", "C4"]),
        ("burg", ["C2", "C4"]),
        ("ge", ["C3"]),
        ("r", ["C0", "C1", "C2", "C4", "C5"]),
        ("st.", ["C6"]),
        ("  bern ", ["C1"]),
        ("t. g", ["C6"]),
        ("x", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", []),
    ],
)
def test_s7_the_label_is_matched_anywhere_prefixes_first(api, cantons, text, found):
    answer = search(api, {"filter": text})

    assert keys(answer) == found
    assert total(answer) == len(found)


@pytest.mark.parametrize("label", ["100%", "a_b", r"c\d", "o'neill", "{scope}"])
def test_s7_signs_of_patterns_are_text(api, cantons, make_item, label):
    make_item(cantons, "SIGN", labels={"en": label})

    assert keys(search(api, {"filter": label})) == ["SIGN"]
    assert keys(search(api, {"filter": label[1:]})) == ["SIGN"]


@pytest.mark.parametrize("text", [None, "", "   ", "\u0301"])
def test_s7_no_filter_gives_the_list_in_its_order(api, cantons, text):
    answer = search(api, {"filter": text})

    assert keys(answer) == ["C0", "C1", "C2", "C3", "C4", "C5", "C6"]
    assert total(answer) == 7


def test_s7_equal_positions_are_ordered_by_key(api, colours, make_item):
    for key in ("B", "A.B", "A_B", "A-B", "AB"):
        make_item(colours, key, position=1, labels={"en": "Same"})

    assert keys(search(api)) == ["A-B", "A.B", "AB", "A_B", "B"]
    assert keys(search(api, {"filter": "same"})) == ["A-B", "A.B", "AB", "A_B", "B"]


@pytest.mark.parametrize(("limit", "count"), [(None, 10), (0, 10), (1, 1), (100, 12)])
@pytest.mark.parametrize("text", ["", "item"])
def test_s7_the_limit_is_ten_by_default_and_a_hundred_at_most(
    api, colours, make_item, limit, count, text
):
    for number in range(12):
        make_item(colours, f"I{number}", labels={"en": f"{'An item' if number % 2 else 'Item'}"})

    answer = search(api, {"limit": limit, "filter": text})

    assert len(keys(answer)) == count
    assert total(answer) == 12


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"limit": -1}, ("limit", "Range")),
        ({"limit": 101}, ("limit", "Range")),
        ({"limit": 10**6}, ("limit", "Range")),
        ({"limit": "10"}, ("limit", "Invalid")),
        ({"filter": "x" * 251}, ("filter", "MaxLength")),
        ({"filter": "x" * 10_240}, ("filter", "MaxLength")),
        ({"filter": 1}, ("filter", "Invalid")),
        ({"includeId": 2**31}, ("includeId", "Range")),
        ({"includeId": 10**12}, ("includeId", "Range")),
        ({"includeId": -(2**31) - 1}, ("includeId", "Range")),
        ({"hierarchyListItemId": 2**31}, ("hierarchyListItemId", "Range")),
        ({"includeKey": "K" * 65}, ("includeKey", "MaxLength")),
        ({"hierarchyListItemId": 1.0}, ("hierarchyListItemId", "Invalid")),
        ({"isFilteredByHierarchy": "true"}, ("isFilteredByHierarchy", "Invalid")),
        ({"filters": "x"}, ("filters", "Unknown")),
    ],
)
def test_se11_what_is_out_of_range_is_refused_by_name(api, cantons, body, error):
    assert errors(search(api, body)) == [error]
    # The form of the body comes before existence (F5).
    assert errors(search(api, body, key="unknown")) == [error]


def test_se11_a_nul_is_refused(api, cantons):
    assert search(api, {"filter": "a\x00"}).status_code == 400


@pytest.mark.parametrize("key", ["unknown", "Colours", "a b", "%00", "x" * 5_000])
def test_s7_an_unknown_list_is_404(api, cantons, key):
    assert search(api, key=key).status_code == 404


def test_s7_an_included_item_stands_on_top_once(api, cantons, make_item):
    by_key = {item.key: item.pk for item in ListItem.objects.all()}
    list_item_deactivate(actor=SYSTEM, item_id=by_key["C3"])

    matching = search(api, {"filter": "burg", "includeId": by_key["C4"], "limit": 1})
    other = search(api, {"filter": "burg", "includeId": by_key["C1"]})
    inactive = search(api, {"filter": "burg", "includeId": by_key["C3"]})
    both = search(api, {"filter": "burg", "includeId": by_key["C3"], "includeKey": "C1"})
    same = search(api, {"filter": "burg", "includeId": by_key["C3"], "includeKey": "C3"})

    assert keys(matching) == ["C4", "C2"]
    assert keys(other) == ["C1", "C2", "C4"]
    assert keys(inactive) == ["C3", "C2", "C4"]
    assert keys(both) == ["C3", "C1", "C2", "C4"]
    assert keys(same) == ["C3", "C2", "C4"]
    assert {total(each) for each in (matching, other, inactive, both, same)} == {2}


def test_se11_an_item_of_another_list_is_nothing(api, cantons, shades, make_item):
    other = make_item(shades, "DARK")

    answer = search(api, {"filter": "bern", "includeId": other.pk, "includeKey": "DARK"})

    assert keys(answer) == ["C1"]


@pytest.mark.parametrize(
    "include",
    [
        {"includeId": 0},
        {"includeId": -1},
        {"includeId": 2**31 - 1},
        {"includeId": -(2**31)},
        {"includeKey": "NONE"},
    ],
)
def test_s7_an_unknown_item_to_include_is_nothing(api, cantons, include):
    assert keys(search(api, {"filter": "bern", **include})) == ["C1"]


def test_s6_inactive_items_are_hidden_until_they_are_activated(api, cantons):
    bern = ListItem.objects.get(key="C1")

    list_item_deactivate(actor=SYSTEM, item_id=bern.pk)
    hidden = search(api, {"filter": "bern"})
    list_item_activate(actor=SYSTEM, item_id=bern.pk)

    assert (keys(hidden), total(hidden)) == ([], 0)
    assert keys(search(api, {"filter": "bern"})) == ["C1"]


@pytest.fixture
def tree(colours, shades, make_item) -> dict[str, int]:
    """RED (with PINK and ROSE) and BLUE; shades of both."""
    red, blue = make_item(colours, "RED"), make_item(colours, "BLUE")
    made = [
        red,
        blue,
        make_item(colours, "PINK", parent_id=red.pk),
        make_item(colours, "ROSE", parent_id=red.pk),
        make_item(shades, "DARK_RED", parent_id=red.pk),
        make_item(shades, "DARK_BLUE", parent_id=blue.pk),
    ]
    return {item.key: item.pk for item in made}


@pytest.mark.parametrize(
    ("flag", "parent", "found"),
    [
        (True, "RED", ["PINK", "ROSE"]),
        (True, "BLUE", []),
        (True, None, ["RED", "BLUE"]),
        (False, "RED", ["RED", "BLUE", "PINK", "ROSE"]),
        (None, "RED", ["PINK", "ROSE"]),
        (None, None, ["RED", "BLUE", "PINK", "ROSE"]),
        (False, None, ["RED", "BLUE", "PINK", "ROSE"]),
    ],
)
def test_s7_hierarchy(api, tree, flag, parent, found):
    body = {"isFilteredByHierarchy": flag, "hierarchyListItemId": tree.get(parent)}

    answer = search(api, body)

    assert (keys(answer), total(answer)) == (found, len(found))


def test_s7_children_may_be_of_another_list_and_are_filtered_too(api, tree):
    body = {"isFilteredByHierarchy": True, "hierarchyListItemId": tree["RED"], "filter": "RED"}

    assert keys(search(api, body, key="shades")) == ["DARK_RED"]
    assert keys(search(api, {**body, "filter": "blue"}, key="shades")) == []
    assert keys(search(api, {**body, "hierarchyListItemId": 2**31 - 1}, key="shades")) == []


def test_s7_the_roots_follow_a_move(api, tree):
    values = ListItemValues(labels={"en": "Blue"}, parent_id=tree["RED"], position=1)

    list_item_update(actor=SYSTEM, item_id=tree["BLUE"], values=values)

    assert keys(search(api, {"isFilteredByHierarchy": True})) == ["RED"]
    assert keys(search(api, {"hierarchyListItemId": tree["RED"]})) == ["BLUE", "PINK", "ROSE"]


@pytest.mark.parametrize(
    ("language", "found", "label"),
    [("en", [], None), ("fr", ["C1"], "Le Bern"), ("fr-CH", ["C1"], "Le Bern"), ("it", [], None)],
)
def test_s6_labels_are_searched_and_shown_in_the_language_asked(
    api, cantons, language, found, label
):
    answer = search(api, {"filter": "le bern"}, Accept_Language=language)

    assert keys(answer) == found
    assert [item["label"] for item in json.loads(answer.content)["items"]] == (
        [label] if label else []
    )


def test_s6_a_label_that_lacks_falls_back_and_is_found(api, cantons):
    answer = search(api, {"filter": "bern"}, Accept_Language="de")

    assert keys(answer) == ["C1"]
    assert answer.headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    "header",
    [
        "*;q=0",
        ",".join(f"x{number}-yz" for number in range(1_000)),
        "de-CH-1996-x-y;q=0",
        "xx",
        ";;;",
        "d\u00e9",
        "-" * 7_000,
        "a-" * 3_500,
    ],
)
def test_lo01_strange_languages_get_the_default_at_once(api, cantons, header):
    answer = search(api, {"filter": "bern"}, Accept_Language=header)
    lists = api.post(ITEMS, {}, Accept_Language=header)

    assert keys(answer) == ["C1"]
    assert {each.headers["Content-Language"] for each in (answer, lists)} == {"en"}
    plain = calls_of(lambda: api.post(ITEMS, {}, Accept_Language="de"))
    # A hundred ranges are looked at, whatever is sent.
    assert calls_of(lambda: api.post(ITEMS, {}, Accept_Language=header)) < plain + 4_000


def test_lo01_a_long_tag_is_cut_to_its_language(api, cantons):
    answer = search(api, {}, Accept_Language="de-CH-1996-x-y")

    assert answer.headers["Content-Language"] == "de"


# --- Whole lists ---------------------------------------------------------------------------------


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


# --- Statements and caches -----------------------------------------------------------------------


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


# --- Folded labels -------------------------------------------------------------------------------


def test_labels_are_folded_in_every_language(colours, make_item):
    item = make_item(colours, "RED", labels={"en": "Réd", "de-AT": "Rot", "fr": "ＲＯＵＧＥ"})  # noqa: RUF001

    rows = ListItemLabel.objects.filter(item=item).order_by("language")

    assert [(row.language, row.folded) for row in rows] == [
        ("de", "red"),
        ("en", "red"),
        ("fr", "rouge"),
    ]


def test_an_item_without_labels_is_found_by_what_it_shows(api, colours):
    ListItem.objects.create(list=colours, key="RED", labels={"it": "Rosso"})
    list_labels_rebuild()

    assert keys(search(api, {"filter": "red"})) == ["RED"]


def test_a_label_that_grows_when_it_is_folded_is_stored(api, colours, make_item):
    # Each of these becomes eighteen characters by NFKC.
    make_item(colours, "LONG", labels={"en": "\ufdfa" * 27 + "x"})

    assert keys(search(api, {"filter": "\ufdfa"})) == ["LONG"]
    assert keys(search(api, {"filter": "\ufdfa" * 27 + "x"})) == ["LONG"]
    assert keys(search(api, {"filter": "x"})) == ["LONG"]


def test_rebuilding_brings_labels_to_what_items_say(api, cantons, settings):
    ListItemLabel.objects.filter(key="C1").delete()
    ListItemLabel.objects.filter(key="C2").update(folded="wrong", is_active=False, position=99)
    ListItemLabel.objects.filter(key="C3", language="fr").update(language="xx")

    assert list_labels_rebuild() == 7

    assert keys(search(api)) == ["C0", "C1", "C2", "C3", "C4", "C5", "C6"]
    assert ListItemLabel.objects.count() == 21
    assert not ListItemLabel.objects.filter(language="xx").exists()


def test_loaded_lists_are_found(api):
    reference_lists_refresh(actor=SYSTEM)

    assert keys(search(api, {"filter": "schweiz"}, key="countries", Accept_Language="de")) == ["CH"]
    switzerland = ListItem.objects.get(list__key="countries", key="CH")
    body = {"filter": "zu", "isFilteredByHierarchy": True, "hierarchyListItemId": switzerland.pk}
    assert keys(search(api, body, key="states")) == ["CH-ZG", "CH-ZH"]
