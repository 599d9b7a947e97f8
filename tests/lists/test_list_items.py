"""Edits of lists and items by staff."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM, Actor
from config.common.models import AuditEvent
from lists.exceptions import (
    ListChanged,
    ListDataInvalid,
    ListItemNotFound,
    ListKeyTaken,
    ListNotFound,
)
from lists.models import List, ListItem, ListSource
from lists.services import (
    ListItemValues,
    list_create,
    list_item_activate,
    list_item_create,
    list_item_deactivate,
    list_item_update,
    list_labels_edit,
)
from tests.factories.lists import list_revisions
from tests.factories.threads import wait_for_waiter

RED = ListItemValues(labels={"en": "Red"})


@pytest.fixture
def staff(db: None) -> Actor:
    return Actor(member_id=get_user_model().objects.create_user("petra").pk)


def events() -> list[tuple[int | None, str, str, str, list[str]]]:
    """The audit events but those of creating lists, which fixtures do."""
    rows = AuditEvent.objects.exclude(operation="list_create").order_by("id")
    return list(rows.values_list("member_id", "operation", "object_type", "object_id", "fields"))


def revision() -> int:
    return list_revisions(["colours"])["colours"]


def test_h3_a_list_is_created_and_audited(staff):
    created = list_create(actor=staff, key="sizes", labels={"en": " Sizes ", "fr": "Tailles"})

    stored = List.objects.get(key="sizes")
    assert stored.pk == created.pk
    assert stored.labels == {"en": "Sizes", "fr": "Tailles"}
    assert stored.source == ListSource.OWN
    event = AuditEvent.objects.get()
    assert (event.member_id, event.operation, event.object_type, event.object_id) == (
        staff.member_id,
        "list_create",
        "list",
        str(created.pk),
    )
    assert event.fields == ["key", "labels", "source"]


@pytest.mark.parametrize(
    ("key", "labels", "field"),
    [("1a", {"en": "Sizes"}, "key"), ("", {"en": "Sizes"}, "key"), ("sizes", {}, "labels")],
)
def test_an_illegal_list_is_refused_by_field(db, key, labels, field):
    with pytest.raises(ListDataInvalid) as refusal:
        list_create(actor=SYSTEM, key=key, labels=labels)

    assert list(refusal.value.properties["errors"]) == [field]
    assert not List.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_list_key_is_taken_once(colours):
    with pytest.raises(ListKeyTaken):
        list_create(actor=SYSTEM, key="colours", labels={"en": "Again"})

    assert List.objects.get().labels == {"en": "Colours"}


def test_h3_an_item_is_created_raises_the_revision_and_is_audited(staff, colours):
    before = revision()

    created = list_item_create(
        actor=staff,
        list_id=colours.pk,
        key="RED",
        values=ListItemValues(
            labels={"en": "Red", "de": "Ro\u0308t"}, custom_attributes={"rgb": [255, 0, 0]}
        ),
    )

    stored = ListItem.objects.get()
    assert stored.pk == created.pk
    assert stored.labels == {"en": "Red", "de": "Röt"}
    assert stored.custom_attributes == {"rgb": [255, 0, 0]}
    assert (stored.key, stored.position, stored.is_active, stored.parent) == ("RED", 0, True, None)
    assert revision() > before
    fields = ["custom_attributes", "key", "labels", "parent", "position"]
    assert events() == [(staff.member_id, "list_item_create", "list_item", str(stored.pk), fields)]


def test_items_without_a_position_go_to_the_end(colours, make_item):
    make_item(colours, "RED")
    make_item(colours, "BLUE", position=7)

    assert make_item(colours, "GREEN").position == 8


def test_an_item_key_is_taken_once_in_its_list(colours, shades, make_item):
    make_item(colours, "RED")
    make_item(shades, "RED")
    before = revision()

    with pytest.raises(ListKeyTaken):
        list_item_create(actor=SYSTEM, list_id=colours.pk, key="RED", values=RED)

    assert revision() == before
    assert len(events()) == 2


@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("red", RED, "key"),
        ("TRUE", RED, "key"),
        ("RED", ListItemValues(labels={"de": "Rot"}), "labels"),
        ("RED", ListItemValues(labels={"en": "Red"}, position=-1), "position"),
        ("RED", ListItemValues(labels={"en": "Red"}, position=2**31), "position"),
        ("RED", ListItemValues(labels={"en": "Red"}, parent_id=1_000_000), "parent"),
        (
            "RED",
            ListItemValues(labels={"en": "Red"}, custom_attributes={"a": "\x00"}),
            "custom_attributes",
        ),
    ],
)
def test_an_illegal_item_is_refused_by_field(colours, key, values, field):
    before = revision()

    with pytest.raises(ListDataInvalid) as refusal:
        list_item_create(actor=SYSTEM, list_id=colours.pk, key=key, values=values)

    assert list(refusal.value.properties["errors"]) == [field]
    assert not ListItem.objects.exists()
    assert revision() == before
    assert events() == []


def test_an_item_of_an_unknown_list_is_refused(db):
    with pytest.raises(ListNotFound):
        list_item_create(actor=SYSTEM, list_id=1_000_000, key="RED", values=RED)


def test_h3_an_update_writes_what_changed_and_audits_its_fields(staff, colours, make_item):
    item = make_item(colours, "RED", custom_attributes={"a": 1})
    before = revision()

    list_item_update(
        actor=staff,
        item_id=item.pk,
        values=ListItemValues(labels={"en": "Ruby"}, custom_attributes={"a": True}),
    )

    item.refresh_from_db()
    assert item.labels == {"en": "Ruby"}
    assert item.custom_attributes == {"a": True}
    assert item.position == 0
    assert revision() > before
    assert events()[-1] == (
        staff.member_id,
        "list_item_update",
        "list_item",
        str(item.pk),
        ["custom_attributes", "labels"],
    )


def test_an_update_empties_what_is_left_out_but_the_position(colours, make_item):
    parent = make_item(colours, "RED")
    item = make_item(colours, "PINK", parent_id=parent.pk, custom_attributes={"a": 1}, position=4)

    list_item_update(actor=SYSTEM, item_id=item.pk, values=RED)

    item.refresh_from_db()
    assert (item.parent, item.custom_attributes, item.position) == (None, None, 4)
    assert ListItem.objects.filter(custom_attributes__isnull=True, pk=item.pk).exists()


def test_an_update_that_changes_nothing_leaves_revision_and_audit(colours, make_item):
    item = make_item(colours, "RED", custom_attributes={"b": 1, "a": 2}, position=3)
    before = revision(), len(events())

    list_item_update(
        actor=SYSTEM,
        item_id=item.pk,
        values=ListItemValues(labels={"en": "Red "}, custom_attributes={"a": 2, "b": 1}),
    )

    assert (revision(), len(events())) == before


def test_an_illegal_update_is_refused_and_changes_nothing(colours, make_item):
    item = make_item(colours, "RED")
    before = revision(), len(events())

    with pytest.raises(ListDataInvalid):
        list_item_update(actor=SYSTEM, item_id=item.pk, values=ListItemValues(labels={}))

    item.refresh_from_db()
    assert item.labels == {"en": "Red"}
    assert (revision(), len(events())) == before


def test_a_parent_may_be_of_another_list(colours, shades, make_item):
    red = make_item(colours, "RED")
    pink = make_item(shades, "PINK")

    list_item_update(
        actor=SYSTEM,
        item_id=pink.pk,
        values=ListItemValues(labels={"en": "Pink"}, parent_id=red.pk),
    )

    pink.refresh_from_db()
    assert pink.parent == red
    assert events()[-1][4] == ["parent"]


def test_an_item_never_becomes_its_own_ancestor(colours, shades, make_item):
    red = make_item(colours, "RED")
    pink = make_item(shades, "PINK", parent_id=red.pk)
    rose = make_item(shades, "ROSE", parent_id=pink.pk)

    for parent in (red, pink, rose):
        with pytest.raises(ListDataInvalid) as refusal:
            list_item_update(
                actor=SYSTEM,
                item_id=red.pk,
                values=ListItemValues(labels={"en": "Red"}, parent_id=parent.pk),
            )
        assert list(refusal.value.properties["errors"]) == ["parent"]

    red.refresh_from_db()
    assert red.parent is None


def test_s6_items_are_deactivated_and_activated_again(staff, colours, make_item):
    item = make_item(colours, "RED")
    revisions = [revision()]

    list_item_deactivate(actor=staff, item_id=item.pk)
    item.refresh_from_db()
    revisions.append(revision())
    assert item.is_active is False

    list_item_activate(actor=staff, item_id=item.pk)
    item.refresh_from_db()
    revisions.append(revision())
    assert item.is_active is True
    assert revisions == sorted(set(revisions))
    assert [event[1:2] + event[4:] for event in events()[1:]] == [
        ("list_item_deactivate", ["is_active"]),
        ("list_item_activate", ["is_active"]),
    ]


def test_s6_deactivating_twice_is_harmless(colours, make_item):
    item = make_item(colours, "RED")
    list_item_deactivate(actor=SYSTEM, item_id=item.pk)
    before = revision(), len(events())

    list_item_deactivate(actor=SYSTEM, item_id=item.pk)

    assert (revision(), len(events())) == before


@pytest.mark.parametrize("parent_id", [None, 1_000_000])
def test_unknown_items_are_refused(colours, parent_id):
    values = ListItemValues(labels={"en": "Red"}, parent_id=parent_id)

    with pytest.raises(ListItemNotFound):
        list_item_update(actor=SYSTEM, item_id=1_000_000, values=values)
    with pytest.raises(ListItemNotFound):
        list_item_deactivate(actor=SYSTEM, item_id=1_000_000)


@pytest.mark.parametrize("has_parent", [False, True])
def test_s6_the_list_is_locked_before_the_write(colours, shades, make_item, has_parent):
    item = make_item(colours, "RED")
    parent_id = make_item(shades, "PINK").pk if has_parent else None

    with CaptureQueriesContext(
        connection,
    ) as queries:
        list_item_update(
            actor=SYSTEM,
            item_id=item.pk,
            values=ListItemValues(labels={"en": "Ruby"}, parent_id=parent_id),
        )

    statements = [query["sql"] for query in queries]
    lock = next(n for n, sql in enumerate(statements) if "FOR UPDATE" in sql)
    write = next(n for n, sql in enumerate(statements) if sql.startswith("UPDATE"))
    assert '"lists_list"' in statements[lock]
    assert lock < write


@pytest.mark.django_db(transaction=True)
def test_s6_an_edit_waits_for_the_edit_of_the_same_list_and_sees_it(colours, make_item):
    make_item(colours, "RED")
    created: list[ListItem] = []

    def create() -> None:
        created.append(make_item(colours, "GREEN"))
        connection.close()

    thread = threading.Thread(target=create)
    with transaction.atomic():
        make_item(colours, "BLUE")
        thread.start()
        wait_for_waiter()
        assert created == []
    thread.join()

    assert created[0].position == 2
    assert revision() == List.objects.get().revision


# --- What a list is called -----------------------------------------------------------------------


def test_h3_the_labels_of_a_list_are_replaced(staff, colours):
    before = colours.revision

    changed = list_labels_edit(
        actor=staff,
        list_id=colours.pk,
        seen={"en": "Colours"},
        labels={"en": " Colors ", "de": "Fa\u0308rben"},
    )

    stored = List.objects.get()
    assert stored.labels == {"en": "Colors", "de": "F\u00e4rben"}
    assert (stored.labels, stored.key) == (changed.labels, "colours")
    assert stored.revision > before
    assert events() == [(staff.member_id, "list_update", "list", str(colours.pk), ["labels"])]


def test_h3_equal_labels_of_a_list_write_nothing(colours):
    list_labels_edit(
        actor=SYSTEM, list_id=colours.pk, seen={"en": "Colours"}, labels={"en": "Colours"}
    )

    assert List.objects.get().revision == colours.revision
    assert events() == []


@pytest.mark.parametrize(
    ("seen", "labels", "error"),
    [
        ({"en": "Other"}, {"en": "Colors"}, ListChanged),
        ({}, {"en": "Colors"}, ListChanged),
        ({"en": "Colours"}, {"de": "Farben"}, ListDataInvalid),
        ({"en": "Colours"}, {"en": " "}, ListDataInvalid),
        ({"en": "Colours"}, {"en": "a\x00b"}, ListDataInvalid),
        ({"en": "Colours"}, {"en": "x" * 251}, ListDataInvalid),
    ],
)
def test_labels_of_a_list_are_refused(colours, seen, labels, error):
    with pytest.raises(error):
        list_labels_edit(actor=SYSTEM, list_id=colours.pk, seen=seen, labels=labels)

    stored = List.objects.get()
    assert (stored.labels, stored.revision) == ({"en": "Colours"}, colours.revision)


def test_an_unknown_list_is_not_named(db):
    with pytest.raises(ListNotFound):
        list_labels_edit(actor=SYSTEM, list_id=1_000_000, seen={}, labels={"en": "X"})
