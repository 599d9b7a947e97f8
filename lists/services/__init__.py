"""Writes of lists: each is one transaction that raises the list's revision and is audited."""

from lists.services.items import (
    ListItemValues,
    list_create,
    list_item_activate,
    list_item_create,
    list_item_deactivate,
    list_item_update,
)
from lists.services.labels import list_labels_rebuild
from lists.services.loading import (
    ListLoadResult,
    demo_lists_load,
    reference_lists_refresh,
)

__all__ = [
    "ListItemValues",
    "ListLoadResult",
    "demo_lists_load",
    "list_create",
    "list_item_activate",
    "list_item_create",
    "list_item_deactivate",
    "list_item_update",
    "list_labels_rebuild",
    "reference_lists_refresh",
]
