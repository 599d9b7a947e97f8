"""Lookups on the API: what they find, in which order, below which item (S6, S7)."""

import json

import pytest

from config.common.actors import SYSTEM
from lists.models import ListItem
from lists.services import (
    ListItemValues,
    list_item_activate,
    list_item_deactivate,
    list_item_update,
)
from tests.lists.lookups import errors, keys, search


def total(answer) -> int:
    return json.loads(answer.content)["totalCount"]


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
