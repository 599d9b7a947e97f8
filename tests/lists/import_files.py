"""Files of items: prepared for import, and what they would do or have done."""

import uuid

from config.common.actors import Actor
from lists.importing.plan import Action
from lists.models import List, ListItem
from lists.services import import_entries, list_import_get, list_import_prepare


def prepare(actor: Actor, target: List, data: bytes | str) -> uuid.UUID:
    text = data.encode() if isinstance(data, str) else data
    return list_import_prepare(actor=actor, list_id=target.pk, data=text)


def planned(actor: Actor, import_id: uuid.UUID) -> list[tuple[int, str, str]]:
    entries = import_entries(list_import_get(actor=actor, import_id=import_id))
    return [(entry.line, entry.key, entry.action.value) for entry in entries]


def reasons(actor: Actor, target: List, data: bytes | str) -> list[tuple[int, str]]:
    """The entries that are refused, with why."""
    prepared = list_import_get(actor=actor, import_id=prepare(actor, target, data))
    entries = import_entries(prepared)
    return [(entry.line, str(entry.reason)) for entry in entries if entry.action is Action.REFUSE]


def stored(target: List) -> dict[str, tuple[object, ...]]:
    items = ListItem.objects.filter(list=target).select_related("parent")
    return {
        item.key: (
            item.labels,
            item.parent and item.parent.key,
            item.position,
            item.is_active,
            item.custom_attributes,
        )
        for item in items
    }
