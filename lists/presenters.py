"""Answers of the list operations as JSON values. Shapes: `lists.serializers`."""

from typing import Any

from lists.shown_items import ShownItem


def item_output(item: ShownItem) -> dict[str, Any]:  # Any: JSON values
    """One item."""
    return {
        "id": item.id,
        "uid": item.uid,
        "label": item.label,
        "key": item.key,
        "customAttributes": item.custom_attributes,
    }
