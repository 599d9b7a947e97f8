"""Snapshots, revisions and labels, as schemas and renderers read them."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from lists.exceptions import ListItemNotFound, ListNotFound
from lists.models import ListItem
from lists.selectors import (
    item_label,
    list_get_for_update,
    list_item_descends_from,
    list_item_get,
    list_items_search,
    list_snapshots,
    lists_with_item_counts,
)
from lists.services import ListItemValues, list_item_deactivate, list_item_update
from lists.snapshots import ItemSnapshot
from tests.factories.lists import list_revisions


def test_snapshots_hold_items_in_order_with_parents_and_inactive_ones(colours, shades, make_item):
    red = make_item(colours, "RED", labels={"en": "Red", "de": "Rot"}, position=5)
    pink = make_item(shades, "PINK", parent_id=red.pk, position=2)
    rose = make_item(shades, "ROSE", position=1)
    coral = make_item(shades, "CORAL", position=2)
    list_item_deactivate(actor=SYSTEM, item_id=rose.pk)

    snapshots = list_snapshots(["shades", "colours", "unknown"])

    assert set(snapshots) == {"colours", "shades"}
    assert list(snapshots["shades"].items.values()) == [
        ItemSnapshot(rose.pk, "ROSE", {"en": "Rose"}, None, False),
        ItemSnapshot(coral.pk, "CORAL", {"en": "Coral"}, None, True),
        ItemSnapshot(pink.pk, "PINK", {"en": "Pink"}, "RED", True),
    ]
    assert dict(snapshots["colours"].items) == {
        "RED": ItemSnapshot(red.pk, "RED", {"en": "Red", "de": "Rot"}, None, True)
    }
    assert {key: taken.revision for key, taken in snapshots.items()} == list_revisions(
        ["colours", "shades"]
    )


def test_an_empty_list_has_an_empty_snapshot(colours):
    snapshot = list_snapshots(["colours"])["colours"]

    assert snapshot.key == "colours"
    assert dict(snapshot.items) == {}


def test_nothing_asked_takes_no_query(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert list_snapshots([]) == {}


def test_unknown_lists_are_absent(db):
    assert list_snapshots(["unknown"]) == {}


@pytest.mark.parametrize("item_count", [1, 40])
def test_snapshots_take_two_queries_cold_and_one_warm(
    colours, shades, make_item, django_assert_num_queries, item_count
):
    for number in range(item_count):
        make_item(colours, f"C{number}")

    with django_assert_num_queries(2):
        cold = list_snapshots(["colours", "shades"])
    with django_assert_num_queries(1):
        warm = list_snapshots(["colours", "shades"])

    assert warm["colours"] is cold["colours"]
    assert warm["shades"] is cold["shades"]


def test_only_what_changed_is_read_again(colours, shades, make_item):
    item = make_item(colours, "RED")
    before = list_snapshots(["colours", "shades"])

    list_item_update(actor=SYSTEM, item_id=item.pk, values=ListItemValues(labels={"en": "Ruby"}))
    after = list_snapshots(["colours", "shades"])

    assert after["shades"] is before["shades"]
    assert after["colours"].items["RED"].labels == {"en": "Ruby"}
    assert before["colours"].items["RED"].labels == {"en": "Red"}
    assert after["colours"].revision > before["colours"].revision


def test_s6_an_edit_that_is_rolled_back_leaves_nothing_in_the_cache(colours, make_item):
    item = make_item(colours, "RED")

    def rename(label: str) -> None:
        list_item_update(actor=SYSTEM, item_id=item.pk, values=ListItemValues(labels={"en": label}))

    with transaction.atomic():
        rename("Discarded")
        assert list_snapshots(["colours"])["colours"].items["RED"].labels == {"en": "Discarded"}
        transaction.set_rollback(True)
    assert list_snapshots(["colours"])["colours"].items["RED"].labels == {"en": "Red"}

    rename("Kept")
    assert list_snapshots(["colours"])["colours"].items["RED"].labels == {"en": "Kept"}


@pytest.mark.django_db(transaction=True)
def test_s6_an_edit_by_another_connection_is_seen_at_once(colours, make_item):
    item = make_item(colours, "RED")
    assert list_snapshots(["colours"])["colours"].items["RED"].labels == {"en": "Red"}

    def edit() -> None:
        list_item_update(
            actor=SYSTEM, item_id=item.pk, values=ListItemValues(labels={"en": "Ruby"})
        )
        connection.close()

    thread = threading.Thread(target=edit)
    thread.start()
    thread.join()

    assert list_snapshots(["colours"])["colours"].items["RED"].labels == {"en": "Ruby"}


@pytest.mark.parametrize(
    ("item_key", "language", "label"),
    [
        ("RED", "de", "Rot"),
        ("RED", "de-CH", "Rot"),
        ("RED", "it", "Red"),
        ("GREEN", "de", "GREEN"),
        ("true", "de", "true"),
    ],
)
def test_d5_item_labels_never_fail(colours, make_item, item_key, language, label):
    make_item(colours, "RED", labels={"en": "Red", "de": "Rot"})
    snapshot = list_snapshots(["colours"])["colours"]

    assert item_label(snapshot, item_key, language) == label


def test_d5_an_item_without_any_fitting_label_shows_its_key(colours):
    ListItem.objects.create(list=colours, key="RED", labels={"it": "Rosso"})
    snapshot = list_snapshots(["colours"])["colours"]

    assert item_label(snapshot, "RED", "de") == "RED"


def test_lists_come_with_their_item_counts(colours, shades, make_item, django_assert_num_queries):
    make_item(colours, "RED")
    blue = make_item(colours, "BLUE")
    list_item_deactivate(actor=SYSTEM, item_id=blue.pk)

    with django_assert_num_queries(1):
        found = list(lists_with_item_counts())

    assert [(entry.key, entry.item_count, entry.active_item_count) for entry in found] == [
        ("colours", 2, 1),
        ("shades", 0, 0),
    ]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ["BLUE", "LIGHT_RED", "RED"]),
        ("red", ["LIGHT_RED", "RED"]),
        ("hell", ["LIGHT_RED"]),
        ("rot light", ["LIGHT_RED"]),
        ("rouge", ["RED"]),
        ("%", []),
        ("de", []),
    ],
)
def test_items_are_searched_by_key_and_labels(colours, make_item, text, keys):
    make_item(colours, "RED", labels={"en": "Red", "de": "Rot", "fr": "Rouge"})
    make_item(colours, "LIGHT_RED", labels={"en": "Light red", "de": "Hellrot"})
    make_item(colours, "BLUE", labels={"en": "Blue", "de": "Blau"})

    found = list_items_search(ListItem.objects.order_by("key"), text)

    assert [item.key for item in found] == keys


def test_what_does_not_exist_is_not_found(db):
    with transaction.atomic(), pytest.raises(ListNotFound):
        list_get_for_update(1_000_000)
    with pytest.raises(ListItemNotFound):
        list_item_get(1_000_000)


def test_descent_is_followed_through_lists(colours, shades, make_item):
    red = make_item(colours, "RED")
    blue = make_item(colours, "BLUE")
    pink = make_item(shades, "PINK", parent_id=red.pk)
    rose = make_item(shades, "ROSE", parent_id=pink.pk)

    assert list_item_descends_from(rose.pk, red.pk) is True
    assert list_item_descends_from(rose.pk, rose.pk) is True
    assert list_item_descends_from(red.pk, rose.pk) is False
    assert list_item_descends_from(rose.pk, blue.pk) is False


@pytest.mark.parametrize("depth", [1, 40])
def test_any_number_of_levels_is_one_statement(colours, make_item, depth):
    line = [make_item(colours, "TOP").pk]
    for level in range(depth):
        line.append(make_item(colours, f"L{level}", parent_id=line[-1]).pk)

    with CaptureQueriesContext(connection) as captured:
        assert list_item_descends_from(line[-1], line[0]) is True

    assert len(captured) == 1
