"""Reads of lists."""

from lists.selectors.contents import list_contents
from lists.selectors.items import (
    list_get_for_update,
    list_item_descends_from,
    list_item_get,
    list_items_search,
    lists_lock_all,
    lists_with_item_counts,
)
from lists.selectors.lookup import FoundItems, Lookup, list_items_lookup
from lists.selectors.snapshots import item_label, list_snapshots

__all__ = [
    "FoundItems",
    "Lookup",
    "item_label",
    "list_contents",
    "list_get_for_update",
    "list_item_descends_from",
    "list_item_get",
    "list_items_lookup",
    "list_items_search",
    "list_snapshots",
    "lists_lock_all",
    "lists_with_item_counts",
]
