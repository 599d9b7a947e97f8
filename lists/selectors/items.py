"""Lists and items as the back office and the services read them."""

from django.db import connection
from django.db.models import Count, Q, QuerySet

from config.common.text import fold
from config.common.typed import search_words
from lists.exceptions import ListItemNotFound, ListNotFound
from lists.models import List, ListItem, ListItemLabel


def lists_with_item_counts() -> QuerySet[List]:
    """All lists by key, each with `item_count` and `active_item_count`."""
    return List.objects.annotate(
        item_count=Count("items"),
        active_item_count=Count("items", filter=Q(items__is_active=True)),
    ).order_by("key")


def list_items_search(items: QuerySet[ListItem], text: str) -> QuerySet[ListItem]:
    """Those of `items` in whose key or labels, of any language, every word of `text` occurs,
    ignoring case and accents.
    """
    for word in search_words(text):
        labels = ListItemLabel.objects.filter(folded__contains=fold(word))
        items = items.filter(Q(key__icontains=word) | Q(pk__in=labels.values("item")))
    return items


def list_get(list_id: int) -> List:
    """The list. Raises ListNotFound."""
    found = List.objects.filter(pk=list_id).first()
    if found is None:
        raise ListNotFound("The list does not exist.")
    return found


def list_get_for_update(list_id: int) -> List:
    """The list, its row locked until the transaction ends. Raises ListNotFound."""
    found = List.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
    if found is None:
        raise ListNotFound("The list does not exist.")
    return found


def lists_lock_all() -> None:
    """Lock every list, in the order of their ids, until the transaction ends.

    For edits that involve several lists: there are tens of them, and the one order rules out
    deadlocks.
    """
    list(List.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def list_item_get(item_id: int) -> ListItem:
    """The item with its list. Raises ListItemNotFound."""
    item = ListItem.objects.select_related("list").filter(pk=item_id).first()
    if item is None:
        raise ListItemNotFound("The list item does not exist.")
    return item


def list_item_find(item_id: int, *, list_id: int) -> ListItem:
    """The item, if it is one of the list. Raises ListItemNotFound."""
    item = list_item_get(item_id)
    if item.list_id != list_id:
        raise ListItemNotFound("The list item does not exist.")
    return item


_DESCENDS = """
WITH RECURSIVE line AS (
    SELECT id, parent_id FROM lists_listitem WHERE id = %s
    UNION
    SELECT item.id, item.parent_id FROM lists_listitem item JOIN line ON item.id = line.parent_id
)
SELECT EXISTS (SELECT FROM line WHERE id = %s)
"""


def list_item_descends_from(item_id: int, ancestor_id: int) -> bool:
    """Whether `ancestor_id` is the item itself, its parent, its parent's parent and so on.

    One query for any number of levels; the answer holds while the lists are locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DESCENDS, [item_id, ancestor_id])
        (descends,) = cursor.fetchone()
    return bool(descends)
