"""Reads of lists."""

from lists.selectors.contents import list_contents
from lists.selectors.export import list_csv
from lists.selectors.items import (
    list_get,
    list_get_for_update,
    list_item_descends_from,
    list_item_find,
    list_item_get,
    list_items_search,
    lists_lock_all,
    lists_with_item_counts,
)
from lists.selectors.lookup import FoundItems, Lookup, list_items_lookup
from lists.selectors.snapshots import item_label, list_snapshots
from lists.selectors.tree import Tree, TreeRow, list_parents, list_tree
from lists.selectors.uses import list_item_uses

__all__ = [
    "FoundItems",
    "Lookup",
    "Tree",
    "TreeRow",
    "item_label",
    "list_contents",
    "list_csv",
    "list_get",
    "list_get_for_update",
    "list_item_descends_from",
    "list_item_find",
    "list_item_get",
    "list_item_uses",
    "list_items_lookup",
    "list_items_search",
    "list_parents",
    "list_snapshots",
    "list_tree",
    "lists_lock_all",
    "lists_with_item_counts",
]
