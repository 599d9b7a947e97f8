"""Edits of lists and single items by staff."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.text import normalize
from lists.exceptions import ListChanged, ListDataInvalid, ListKeyTaken
from lists.models import List, ListItem
from lists.selectors import (
    list_get_for_update,
    list_item_descends_from,
    list_item_get,
    lists_lock_all,
)
from lists.services.labels import list_items_index
from lists.services.revisions import list_revision_raise


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItemValues:
    """What staff may edit of an item, all of it: a value left out is emptied.

    Only `position` None means something else: at the end of the list, or where the item is.
    """

    labels: Mapping[str, str]
    parent_id: int | None = None
    custom_attributes: Mapping[str, object] | None = None
    position: int | None = None


@transaction.atomic
def list_create(*, actor: Actor, key: str, labels: Mapping[str, str]) -> List:
    """Create an empty list of the firm's own. Raises ListDataInvalid, ListKeyTaken."""
    created = List(key=key, labels=_normalised(labels))
    _save_new(created)
    audit_record(
        actor=actor,
        operation="list_create",
        object_type="list",
        object_id=created.pk,
        fields=["key", "labels", "source"],
    )
    return created


@transaction.atomic
def list_labels_edit(
    *, actor: Actor, list_id: int, seen: Mapping[str, object], labels: Mapping[str, str]
) -> List:
    """Replace what a list is called, by language; its key stays, since schemas name it.

    `seen` are the labels that the edit was made on: other ones than the stored raise ListChanged.
    Labels equal to the stored ones: nothing is written. Locks the list. Raises ListNotFound,
    ListDataInvalid.
    """
    target = list_get_for_update(list_id)
    if target.labels != seen:
        raise ListChanged
    target.labels = _normalised(labels)
    item_validate(target)
    if target.labels != seen:
        target.save(update_fields=["labels"])
        list_revision_raise(list_id)
        audit_record(
            actor=actor,
            operation="list_update",
            object_type="list",
            object_id=target.pk,
            fields=["labels"],
        )
    return target


@transaction.atomic
def list_item_create(*, actor: Actor, list_id: int, key: str, values: ListItemValues) -> ListItem:
    """Add an active item to a list. Locks the list.

    Raises ListNotFound, ListDataInvalid, ListKeyTaken.
    """
    parent_list = list_get_for_update(list_id)
    item = ListItem(list=parent_list, key=key, position=_next_position(list_id))
    _assign(item, values)
    _save_new(item)
    list_items_index([item])
    list_revision_raise(list_id)
    item_audit(actor, "list_item_create", item, ["key", *_EDITABLE])
    return item


@transaction.atomic
def list_item_update(
    *,
    actor: Actor,
    item_id: int,
    values: ListItemValues,
    seen: Mapping[str, object] | None = None,
) -> ListItem:
    """Replace an item's values; its key stays, since details store it (D12).

    `seen` are the values that the edit was made on (`list_item_values`): other ones than the stored
    raise ListChanged. Values equal to the stored ones: nothing is written. Locks the list, or all
    lists when a parent is asked for, so that no two edits can close a circle. Raises
    ListItemNotFound, ListDataInvalid.
    """
    if values.parent_id is not None:
        lists_lock_all()
    item = _item_get_locked(item_id)
    before = list_item_values(item)
    if seen is not None and not _is_same(seen, before):
        raise ListChanged
    _assign(item, values)
    item_validate(item)
    if item.parent_id is not None and list_item_descends_from(item.parent_id, item.pk):
        raise _invalid({"parent": ["The item would be its own ancestor."]})
    changed = [name for name in _EDITABLE if not _is_same(getattr(item, name), before[name])]
    if changed:
        item.save(update_fields=changed)
        list_items_index([item])
        list_revision_raise(item.list_id)
        item_audit(actor, "list_item_update", item, changed)
    return item


def list_item_values(item: ListItem) -> dict[str, object]:
    """What staff may edit of an item, by name: JSON values."""
    return {name: getattr(item, name) for name in _EDITABLE}


def list_item_deactivate(*, actor: Actor, item_id: int) -> ListItem:
    """Hide an item from lookups and refuse it as a new value; stored values keep it (S6).

    Harmless when done already. Locks the list. Raises ListItemNotFound.
    """
    return _set_active(actor, item_id, is_active=False)


def list_item_activate(*, actor: Actor, item_id: int) -> ListItem:
    """Offer an item again. Harmless when done already. Locks the list. Raises ListItemNotFound."""
    return _set_active(actor, item_id, is_active=True)


_EDITABLE = ("labels", "parent_id", "custom_attributes", "position")


@transaction.atomic
def _set_active(actor: Actor, item_id: int, *, is_active: bool) -> ListItem:
    item = _item_get_locked(item_id)
    if item.is_active != is_active:
        item.is_active = is_active
        item.save(update_fields=["is_active"])
        list_items_index([item])
        list_revision_raise(item.list_id)
        operation = "list_item_activate" if is_active else "list_item_deactivate"
        item_audit(actor, operation, item, ["is_active"])
    return item


def _item_get_locked(item_id: int) -> ListItem:
    """The item as it is once its list is locked: every edit of an item holds that lock."""
    list_get_for_update(list_item_get(item_id).list_id)
    return list_item_get(item_id)


def _assign(item: ListItem, values: ListItemValues) -> None:
    item.labels = _normalised(values.labels)
    item.parent_id = values.parent_id
    attributes = values.custom_attributes
    item.custom_attributes = None if attributes is None else dict(attributes)
    if values.position is not None:
        item.position = values.position


def _normalised(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels in the Unicode form that all texts have (D8), without blanks around them."""
    return {language: normalize(label.strip()) for language, label in labels.items()}


def _next_position(list_id: int) -> int:
    last = ListItem.objects.filter(list_id=list_id).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _is_same(value: object, stored: object) -> bool:
    """Whether two JSON values are the same; in Python alone `true` would equal `1`."""
    return json.dumps(value, sort_keys=True) == json.dumps(stored, sort_keys=True)


def _save_new(row: List | ListItem) -> None:
    item_validate(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # Everything else that the database would refuse has been validated.
        raise ListKeyTaken("The key is taken.") from error


def item_validate(row: List | ListItem) -> None:
    """Check the rules of one row. Raises ListDataInvalid with the errors by field."""
    try:
        row.clean_fields()
    except ValidationError as error:
        raise _invalid(error.message_dict) from error


def _invalid(errors: dict[str, list[str]]) -> ListDataInvalid:
    return ListDataInvalid("The list or item is invalid.", properties={"errors": errors})


def item_audit(actor: Actor, operation: str, item: ListItem, fields: list[str]) -> None:
    """Record an edit of an item (H3)."""
    audit_record(
        actor=actor,
        operation=operation,
        object_type="list_item",
        object_id=item.pk,
        fields=[name.removesuffix("_id") for name in fields],
    )
