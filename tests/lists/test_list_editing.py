"""Edits of several items at once, and moving one."""

import pytest

from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from lists.exceptions import ListChanged, ListDataInvalid, ListItemNotFound, ListNotFound
from lists.models import ListItem, ListItemLabel
from lists.services import ItemEdit, list_item_move, list_items_edit
from tests.factories.lists import list_revisions


def revision(key: str = "colours") -> int:
    return list_revisions([key])[key]


def edit(colours, edits, at=None) -> int:
    return list_items_edit(actor=SYSTEM, list_id=colours.pk, revision=at or revision(), edits=edits)


def order(colours) -> list[str]:
    items = ListItem.objects.filter(list=colours).order_by("position", "key")
    shown = ListItemLabel.objects.filter(list=colours, language="en").order_by("position", "key")
    keys = list(items.values_list("key", flat=True))
    assert list(shown.values_list("key", flat=True)) == keys
    return keys


def events() -> list[tuple[str, str, list[str]]]:
    rows = AuditEvent.objects.exclude(operation__in=["list_create", "list_item_create"])
    return list(rows.order_by("id").values_list("operation", "object_id", "fields"))


def test_labels_and_positions_are_edited_together(colours, make_item):
    red = make_item(colours, "RED", labels={"en": "Red", "fr": "Rouge", "it": "Rosso"})
    blue = make_item(colours, "BLUE")
    before = revision()

    edits = {
        red.pk: ItemEdit(labels={"en": " Ru\u0308by ", "de": "Rubin", "fr": ""}, position=7),
        blue.pk: ItemEdit(labels={"en": "Blue"}, position=1),
    }
    assert edit(colours, edits) == 1

    red.refresh_from_db()
    assert red.labels == {"en": "Rüby", "de": "Rubin", "it": "Rosso"}
    assert red.position == 7
    assert revision() > before
    assert events() == [("list_item_update", str(red.pk), ["labels", "position"])]
    assert ListItemLabel.objects.get(item=red, language="de").folded == "rubin"


def test_an_edit_that_changes_nothing_leaves_no_trace(colours, make_item):
    red = make_item(colours, "RED")
    before = revision()

    assert edit(colours, {red.pk: ItemEdit()}) == 0

    assert (revision(), events()) == (before, [])


def test_an_edit_on_what_was_changed_meanwhile_is_refused(colours, make_item):
    red = make_item(colours, "RED")
    before = revision()
    edit(colours, {red.pk: ItemEdit(labels={"en": "Ruby"})})

    with pytest.raises(ListChanged):
        edit(colours, {red.pk: ItemEdit(labels={"en": "Red"})}, at=before)

    red.refresh_from_db()
    assert red.labels == {"en": "Ruby"}


def test_one_wrong_item_refuses_all(colours, make_item):
    red, blue = make_item(colours, "RED"), make_item(colours, "BLUE")
    before = revision()

    with pytest.raises(ListDataInvalid) as refusal:
        edit(
            colours,
            {
                red.pk: ItemEdit(labels={"en": "Ruby"}),
                blue.pk: ItemEdit(labels={"en": ""}, position=-1),
            },
        )

    assert list(refusal.value.properties["errors"]) == [str(blue.pk)]
    red.refresh_from_db()
    assert (red.labels, revision(), events()) == ({"en": "Red"}, before, [])


def test_items_of_other_lists_are_left_alone(colours, shades, make_item):
    dark = make_item(shades, "DARK")

    assert edit(colours, {dark.pk: ItemEdit(labels={"en": "Light"})}) == 0

    dark.refresh_from_db()
    assert dark.labels == {"en": "Dark"}


def test_an_unknown_list_is_not_found(db):
    with pytest.raises(ListNotFound):
        list_items_edit(actor=SYSTEM, list_id=1_000_000, revision=1, edits={})


def test_an_item_moves_past_its_neighbour(colours, make_item):
    for key in ("A", "B", "C"):
        make_item(colours, key)
    item = ListItem.objects.get(key="C")
    before = revision()

    assert list_item_move(actor=SYSTEM, item_id=item.pk, is_up=True) is True
    assert order(colours) == ["A", "C", "B"]
    assert revision() > before
    assert len(events()) == 2

    assert list_item_move(actor=SYSTEM, item_id=item.pk, is_up=False) is True
    assert order(colours) == ["A", "B", "C"]


@pytest.mark.parametrize(("key", "is_up"), [("A", True), ("B", False)])
def test_there_is_nothing_beyond_the_ends(colours, make_item, key, is_up):
    make_item(colours, "A")
    make_item(colours, "B")
    before = revision()

    item = ListItem.objects.get(key=key)
    assert list_item_move(actor=SYSTEM, item_id=item.pk, is_up=is_up) is False

    assert (order(colours), revision(), events()) == (["A", "B"], before, [])


def test_equal_positions_become_different_ones(colours, make_item):
    for key in ("A", "B", "C", "D"):
        make_item(colours, key, position=3)

    list_item_move(actor=SYSTEM, item_id=ListItem.objects.get(key="B").pk, is_up=False)

    assert order(colours) == ["A", "C", "B", "D"]


def test_an_item_moves_among_its_siblings_only(colours, make_item):
    red, blue = make_item(colours, "RED"), make_item(colours, "BLUE")
    pink = make_item(colours, "PINK", parent_id=red.pk)
    make_item(colours, "SKY", parent_id=blue.pk)
    rose = make_item(colours, "ROSE", parent_id=red.pk)

    list_item_move(actor=SYSTEM, item_id=rose.pk, is_up=True)
    assert order(colours) == ["RED", "BLUE", "ROSE", "SKY", "PINK"]
    assert list_item_move(actor=SYSTEM, item_id=pink.pk, is_up=False) is False


def test_an_unknown_item_does_not_move(db):
    with pytest.raises(ListItemNotFound):
        list_item_move(actor=SYSTEM, item_id=1_000_000, is_up=True)
