"""Labels for lookups are held in the process and brought up to date by what changed (S6, S7)."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from lists.models import NEXT_REVISION, List, ListItem, ListItemLabel
from lists.selectors import Lookup, list_items_lookup
from lists.selectors import scope_labels as module
from lists.services import (
    ListItemValues,
    list_item_activate,
    list_item_deactivate,
    list_item_move,
    list_item_update,
    list_labels_rebuild,
)
from lists.weighted_cache import WeightedCache

pytestmark = pytest.mark.django_db(transaction=True)


def found(text: str = "", **lookup: object) -> tuple[list[str], int]:
    answer = list_items_lookup(
        list_key="colours", lookup=Lookup(text=text, **lookup), language="en"
    )
    return [item.key for item in answer.items], answer.total_count


def statements(call) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def rename(item: ListItem, label: str, **values: object) -> None:
    list_item_update(
        actor=SYSTEM, item_id=item.pk, values=ListItemValues(labels={"en": label}, **values)
    )


@pytest.fixture
def items(colours, make_item) -> dict[str, ListItem]:
    """Five items, held by the process as they are."""
    made = {key: make_item(colours, key) for key in ("RED", "GREEN", "BLUE", "PINK", "ROSE")}
    assert found() == (["RED", "GREEN", "BLUE", "PINK", "ROSE"], 5)
    return made


def test_s7_a_changed_label_is_found_at_its_place(items):
    rename(items["GREEN"], "Reseda")

    assert found("re") == (["RED", "GREEN"], 2)
    assert found("een") == ([], 0)
    assert found() == (["RED", "GREEN", "BLUE", "PINK", "ROSE"], 5)


def test_s7_the_limit_holds_over_changed_and_kept_items(items):
    rename(items["RED"], "E red")
    rename(items["ROSE"], "E rose")

    assert found("e", limit=1) == (["RED"], 4)
    assert found("e", limit=3) == (["RED", "ROSE", "GREEN"], 4)
    assert found("e") == (["RED", "ROSE", "GREEN", "BLUE"], 4)


def test_s6_items_leave_and_come_back(items):
    list_item_deactivate(actor=SYSTEM, item_id=items["BLUE"].pk)
    assert found("u") == ([], 0)
    assert found() == (["RED", "GREEN", "PINK", "ROSE"], 4)

    list_item_activate(actor=SYSTEM, item_id=items["BLUE"].pk)
    assert found("u") == (["BLUE"], 1)
    assert found() == (["RED", "GREEN", "BLUE", "PINK", "ROSE"], 5)


def test_s7_new_and_moved_items_stand_where_they_belong(items, colours, make_item):
    make_item(colours, "AQUA", position=0, labels={"en": "Aqua"})
    list_item_move(actor=SYSTEM, item_id=items["ROSE"].pk, is_up=True)

    assert found() == (["AQUA", "RED", "GREEN", "BLUE", "ROSE", "PINK"], 6)
    assert found("e") == (["RED", "GREEN", "BLUE", "ROSE"], 4)


def test_s7_an_item_changes_its_parent(items):
    red = items["RED"].pk
    assert found(by_parent=True) == (["RED", "GREEN", "BLUE", "PINK", "ROSE"], 5)
    assert found(by_parent=True, parent_id=red) == ([], 0)

    rename(items["ROSE"], "Rose", parent_id=red)

    assert found(by_parent=True) == (["RED", "GREEN", "BLUE", "PINK"], 4)
    assert found("o", by_parent=True, parent_id=red) == (["ROSE"], 1)


def test_statements_of_a_lookup(items, make_item, colours):
    # The revision and the items; what changed too when something did.
    assert statements(lambda: found("r")) == 2
    assert statements(lambda: found("r")) == 1
    rename(items["RED"], "Dark red")
    assert statements(lambda: found("r")) == 3
    assert statements(lambda: found("g")) == 2


def test_many_changes_are_read_anew(items, monkeypatch):
    monkeypatch.setattr(module, "MAX_CHANGES", 2)
    rename(items["RED"], "Dark red")
    rename(items["BLUE"], "Dark blue")
    assert statements(lambda: found("dark")) == 3

    rename(items["PINK"], "Dark pink")

    # The changes, which are too many, and then all.
    assert statements(lambda: found("dark")) == 4
    assert found("dark") == (["RED", "BLUE", "PINK"], 3)
    rename(items["PINK"], "Light pink")
    assert statements(lambda: found("dark")) == 3
    assert found("dark") == (["RED", "BLUE"], 2)


def test_s6_what_is_rolled_back_is_not_held(colours, make_item):
    item = make_item(colours, "RED")
    other = make_item(colours, "BLUE")

    with transaction.atomic():
        rename(item, "Wrong")
        assert found("wrong") == (["RED"], 1)
        transaction.set_rollback(True)
    rename(other, "Dark blue")

    assert found("wrong") == ([], 0)
    assert found() == (["RED", "BLUE"], 2)


def test_s6_what_is_rolled_back_leaves_what_was_held(items):
    with transaction.atomic():
        rename(items["RED"], "Wrong")
        assert found("wrong") == (["RED"], 1)
        transaction.set_rollback(True)

    assert found("wrong") == ([], 0)
    assert found("red") == (["RED"], 1)


def test_s6_an_edit_in_the_middle_of_a_lookup_is_not_held_as_before_it(items):
    """It comes after the labels were read, and before the items are."""

    def edit_first(execute, statement, *rest):
        if "unnest" in statement and not edits:
            edits.append(ListItem.objects.filter(pk=items["RED"].pk).update(labels={"en": "Ruby"}))
            List.objects.update(revision=NEXT_REVISION)
        return execute(statement, *rest)

    edits: list[int] = []
    with connection.execute_wrapper(edit_first):
        assert found("red") == (["RED"], 1)

    # Asked again it looks again, and holds that.
    assert [statements(lambda: found("red")) for _ in range(2)] == [3, 1]


def test_s7_an_included_item_stands_on_top_once_when_it_is_edited_meanwhile(items):
    """The edit comes after the items were found, and before those to include are read."""

    def edit_first(execute, statement, *rest):
        if 'FROM "lists_listitem"' in statement:
            with connection.cursor() as cursor:
                cursor.execute("""UPDATE lists_listitem SET labels = '{"en": "Sky"}'""")
        return execute(statement, *rest)

    blue = items["BLUE"].pk
    with connection.execute_wrapper(edit_first):
        assert found("e", include_id=blue) == (["BLUE", "RED", "GREEN", "ROSE"], 4)


def test_answers_are_held_up_to_so_many_bytes(colours, make_item, monkeypatch):
    """Custom attributes may be far longer than all the rest of an item."""
    make_item(colours, "RED", custom_attributes={"text": "x" * 9_000})
    held = WeightedCache(25_000)
    monkeypatch.setattr("lists.selectors.lookup._cache", held)

    for term in ("r", "e", "d"):
        assert found(term) == (["RED"], 1)

    assert statements(lambda: found("d")) == 1
    assert statements(lambda: found("e")) == 1
    assert statements(lambda: found("r")) == 2


def test_s6_rebuilding_is_seen_by_all_processes(items):
    ListItemLabel.objects.filter(item=items["RED"], language="en").update(folded="wrong")
    before = List.objects.get(key="colours").revision

    list_labels_rebuild()

    assert List.objects.get(key="colours").revision > before
    assert found("wrong") == ([], 0)
    assert found("red") == (["RED"], 1)


def test_the_database_says_when_a_label_was_written(items):
    def revisions() -> list[int]:
        rows = ListItemLabel.objects.filter(item=items["RED"]).order_by("language")
        return list(rows.values_list("revision", flat=True))

    before, list_before = revisions(), List.objects.get(key="colours").revision
    rename(items["RED"], "Dark red")
    list_after = List.objects.get(key="colours").revision

    assert all(revision < list_before for revision in before)
    assert all(list_before < revision < list_after for revision in revisions())


def test_a_held_text_says_what_it_weighs(items):
    scope = module.Scope(items["RED"].list_id, "en", False, None)
    revision = List.objects.get(key="colours").revision

    labels = module.scope_labels(scope, revision)

    # Two texts: five labels of 20 characters with six separators and five items; nothing.
    assert labels.weight == 1_000 + (20 + 6 + 5 * 8) + 1
