"""Items as callers of the API get them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from config.common.json import dumps
from lists.labels import label_in

COLUMNS = ("id", "uid", "key", "labels", "custom_attributes")
Row = tuple[int, UUID, str, Mapping[str, str], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item in one language; `custom_attributes` is JSON text."""

    id: int
    uid: UUID
    key: str
    label: str
    custom_attributes: str | None


def shown_item(row: Row, language: str) -> ShownItem:
    """An item from its `COLUMNS`; the label by S6, the key where there is none."""
    item_id, uid, key, labels, attributes = row
    text = None if attributes is None else dumps(attributes).decode()
    return ShownItem(item_id, uid, key, label_in(labels, language) or key, text)
