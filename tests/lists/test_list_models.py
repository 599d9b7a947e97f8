"""What the database itself refuses."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from lists.models import List, ListItem

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("key", ["ch", "1A", "TRUE", "FALSE", "CH\n", "A B", ""])
def test_d12_the_database_refuses_illegal_item_keys(colours, key):
    with refused("list_item_key_grammar"), transaction.atomic():
        ListItem.objects.create(list=colours, key=key, labels={"en": "Red"})


def test_the_database_refuses_the_same_key_twice_in_a_list(colours, shades):
    ListItem.objects.create(list=colours, key="RED", labels={"en": "Red"})
    ListItem.objects.create(list=shades, key="RED", labels={"en": "Red"})

    with refused("list_item_key_unique"), transaction.atomic():
        ListItem.objects.create(list=colours, key="RED", labels={"en": "Red"})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"labels": ["Red"]}, "list_item_labels_object"),
        ({"labels": "Red"}, "list_item_labels_object"),
        ({"custom_attributes": [1]}, "list_item_custom_attributes_object"),
        ({"position": -1}, "list_item_position_from_zero"),
    ],
)
def test_the_database_refuses_illegal_items(colours, values, constraint):
    with refused(constraint), transaction.atomic():
        ListItem.objects.create(**{"list": colours, "key": "RED", "labels": {"en": "R"}, **values})


def test_the_database_refuses_an_item_as_its_own_parent(colours):
    item = ListItem.objects.create(list=colours, key="RED", labels={"en": "Red"})

    with refused("list_item_not_its_own_parent"), transaction.atomic():
        ListItem.objects.filter(pk=item.pk).update(parent=item)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"key": "a.b"}, "list_key_grammar"),
        ({"labels": []}, "list_labels_object"),
        ({"source": "elsewhere"}, "list_source_known"),
    ],
)
def test_the_database_refuses_illegal_lists(values, constraint):
    with refused(constraint), transaction.atomic():
        List.objects.create(**{"key": "sizes", "labels": {"en": "Sizes"}, **values})


def test_s6_a_list_with_items_and_a_parent_cannot_be_deleted(colours):
    parent = ListItem.objects.create(list=colours, key="RED", labels={"en": "Red"})
    ListItem.objects.create(list=colours, key="PINK", labels={"en": "Pink"}, parent=parent)

    with pytest.raises(ProtectedError):
        colours.delete()
    with pytest.raises(ProtectedError):
        parent.delete()


def test_ids_of_lists_and_items_are_int32():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, data_type FROM information_schema.columns"
            " WHERE table_name IN ('lists_list', 'lists_listitem') AND column_name = 'id'"
            " ORDER BY table_name"
        )

        assert cursor.fetchall() == [("lists_list", "integer"), ("lists_listitem", "integer")]


def test_names_of_lists_and_items(colours):
    item = ListItem.objects.create(list=colours, key="RED", labels={"en": "Red", "de": "Rot"})
    unnamed = ListItem(list=colours, key="BLUE", labels={"de": "Blau"})

    assert str(colours) == "colours"
    assert str(item) == "Red (RED)"
    assert str(unnamed) == "BLUE (BLUE)"
    with override("de-CH"):
        assert (str(item), str(unnamed)) == ("Rot (RED)", "Blau (BLUE)")
    with override("fr"):
        assert str(item) == "Red (RED)"
    assert isinstance(item.uid, uuid.UUID)
