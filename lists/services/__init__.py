"""Writes of lists: each is one transaction that raises the list's revision and is audited."""

from lists.services.editing import ItemEdit, list_item_move, list_items_edit
from lists.services.importing import (
    import_entries,
    list_import_confirm,
    list_import_discard,
    list_import_get,
    list_import_prepare,
    list_import_renew,
)
from lists.services.items import (
    ListItemValues,
    list_create,
    list_item_activate,
    list_item_create,
    list_item_deactivate,
    list_item_update,
    list_item_values,
    list_labels_edit,
)
from lists.services.labels import list_labels_rebuild
from lists.services.loading import (
    ListLoadResult,
    demo_lists_load,
    lists_load,
    reference_lists_refresh,
)

__all__ = [
    "ItemEdit",
    "ListItemValues",
    "ListLoadResult",
    "demo_lists_load",
    "import_entries",
    "list_create",
    "list_import_confirm",
    "list_import_discard",
    "list_import_get",
    "list_import_prepare",
    "list_import_renew",
    "list_item_activate",
    "list_item_create",
    "list_item_deactivate",
    "list_item_move",
    "list_item_update",
    "list_item_values",
    "list_items_edit",
    "list_labels_edit",
    "list_labels_rebuild",
    "lists_load",
    "reference_lists_refresh",
]
