"""Edits of several items at once, as the page of a list makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Q

from config.common.actors import Actor
from config.common.text import normalize
from lists.exceptions import ListChanged, ListDataInvalid
from lists.models import List, ListItem
from lists.selectors import list_get_for_update, list_item_get
from lists.services.items import item_audit, item_validate
from lists.services.labels import list_items_index
from lists.services.revisions import list_revision_raise


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEdit:
    """What changes of one item: labels by language (an empty one goes away) and its position, None
    where it stays.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    position: int | None = None


@transaction.atomic
def list_items_edit(
    *, actor: Actor, list_id: int, revision: int, edits: Mapping[int, ItemEdit]
) -> int:
    """Change labels and positions of items of a list, all or none; how many changed.

    `revision` is what the edits were made on: one that is not the list's any more raises
    ListChanged, so that nobody overwrites what they have not seen. Each changed item leaves an
    audit event. Locks the list. Raises ListNotFound, ListDataInvalid with the errors by item id.
    """
    target = _locked_at(list_id, revision)
    items = ListItem.objects.filter(list=target, pk__in=edits).order_by("pk")
    changed, errors = list[ListItem](), dict[str, list[str]]()
    for item in items:
        fields = _apply(item, edits[item.pk])
        try:
            item_validate(item)
        except ListDataInvalid as refusal:
            errors[str(item.pk)] = _messages(refusal)
            continue
        if fields:
            item.save(update_fields=fields)
            item_audit(actor, "list_item_update", item, fields)
            changed.append(item)
    if errors:
        raise ListDataInvalid("Items are invalid.", properties={"errors": errors})
    if changed:
        list_items_index(changed)
        list_revision_raise(list_id)
    return len(changed)


@transaction.atomic
def list_item_move(*, actor: Actor, item_id: int, is_up: bool) -> bool:
    """Let an item change places with the one before or after it below the same parent; whether
    there was one. Locks the list. Raises ListItemNotFound.
    """
    list_id = list_item_get(item_id).list_id
    list_get_for_update(list_id)
    item = list_item_get(item_id)
    neighbour = _neighbour(item, is_up=is_up)
    if neighbour is None:
        return False
    if neighbour.position == item.position:
        _renumber(list_id)
        item.refresh_from_db(fields=["position"])
        neighbour.refresh_from_db(fields=["position"])
    item.position, neighbour.position = neighbour.position, item.position
    for moved in (item, neighbour):
        moved.save(update_fields=["position"])
        item_audit(actor, "list_item_update", moved, ["position"])
    list_items_index([item, neighbour])
    list_revision_raise(list_id)
    return True


def _locked_at(list_id: int, revision: int) -> List:
    target = list_get_for_update(list_id)
    if target.revision != revision:
        raise ListChanged
    return target


def _apply(item: ListItem, edit: ItemEdit) -> list[str]:
    """The names of the fields that the edit changed."""
    labels = dict(item.labels)
    for language, label in edit.labels.items():
        text = normalize(label.strip())
        if text:
            labels[language] = text
        else:
            labels.pop(language, None)
    position = item.position if edit.position is None else edit.position
    before = {"labels": item.labels, "position": item.position}
    item.labels, item.position = labels, position
    return [name for name, value in before.items() if getattr(item, name) != value]


def _messages(refusal: ListDataInvalid) -> list[str]:
    errors = (refusal.properties or {})["errors"]
    return [message for messages in errors.values() for message in messages]


def _neighbour(item: ListItem, *, is_up: bool) -> ListItem | None:
    """The item before or after it in the list's order: position, then key."""
    siblings = ListItem.objects.select_related("list").filter(
        list_id=item.list_id, parent_id=item.parent_id
    )
    # An index serves the condition on the position alone.
    if is_up:
        before = Q(position__lt=item.position) | Q(key__lt=item.key)
        nearest = siblings.filter(before, position__lte=item.position)
        return nearest.order_by("-position", "-key").first()
    after = Q(position__gt=item.position) | Q(key__gt=item.key)
    return siblings.filter(after, position__gte=item.position).order_by("position", "key").first()


_RENUMBER = """
WITH places AS (
    SELECT id, row_number() OVER (ORDER BY position, key) - 1 AS place
    FROM lists_listitem WHERE list_id = %s
), moved AS (
    UPDATE lists_listitem item SET position = places.place
    FROM places WHERE places.id = item.id AND item.position <> places.place
    RETURNING item.id, item.position
)
UPDATE lists_listitemlabel label SET position = moved.position
FROM moved WHERE label.item_id = moved.id
"""


def _renumber(list_id: int) -> None:
    """Give every item of a list a position of its own; the order stays."""
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER, [list_id])
