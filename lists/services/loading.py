"""Loading the lists that come with the product: reference data and the demo's own lists."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from config.common.actors import Actor
from config.common.audit import audit_record
from lists.definitions import ItemDefinition, ListDefinition
from lists.demo_data import demo_lists
from lists.models import List, ListItem, ListSource
from lists.reference_data import reference_lists
from lists.services.labels import list_items_index
from lists.services.revisions import list_revision_raise

# Eight columns a row, and a statement takes at most 65,535 parameters.
_BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class ListLoadResult:
    """What loading one list did: items added, items changed, and the keys of both."""

    list_key: str
    created: int
    updated: int
    keys: tuple[str, ...] = ()


@transaction.atomic
def reference_lists_refresh(*, actor: Actor) -> list[ListLoadResult]:
    """Bring countries, states, languages and currencies to what the libraries say.

    Adds missing items; gives known ones the standard's parent, and its labels but where staff have
    set their own. Keeps everything else: own items, labels in further languages, custom attributes,
    positions and deactivation, and items that the standard has dropped (details may hold them).
    Changes nothing the second time.
    Locks the lists in the order of their ids.
    """
    return lists_load(actor=actor, definitions=reference_lists())


@transaction.atomic
def demo_lists_load(*, actor: Actor) -> list[ListLoadResult]:
    """Refresh the reference lists and add what is missing of the demo schemas' own lists.

    Items that those have already stay as staff edited them. Changes nothing the second time.
    Locks the lists in the order of their ids.
    """
    return lists_load(actor=actor, definitions=reference_lists() + demo_lists())


@transaction.atomic
def lists_load(*, actor: Actor, definitions: Sequence[ListDefinition]) -> list[ListLoadResult]:
    """Create the lists and items that are missing; one statement for a thousand rows.

    Of reference lists it brings known items to what the standard says, others stay as they are.
    Changes nothing the second time. Locks the lists in the order of their ids.
    """
    lists = _lists_ensure(definitions)
    return [_load(actor, lists[definition.key], definition) for definition in definitions]


def _lists_ensure(definitions: Sequence[ListDefinition]) -> dict[str, List]:
    """The lists by key, created where they are missing, all locked."""
    List.objects.bulk_create(
        [
            List(
                key=definition.key,
                labels=dict(definition.labels),
                source=definition.source,
            )
            for definition in definitions
        ],
        ignore_conflicts=True,
    )
    keys = [definition.key for definition in definitions]
    locked = List.objects.select_for_update(of=("self",)).filter(key__in=keys).order_by("pk")
    return {found.key: found for found in locked}


def _load(actor: Actor, target: List, definition: ListDefinition) -> ListLoadResult:
    stored = {item.key: item for item in ListItem.objects.filter(list=target)}
    parents = _parent_ids(definition)
    created: list[ListItem] = []
    updated: list[ListItem] = []
    for position, item in enumerate(definition.items):
        parent_id = parents[item.parent_key] if item.parent_key else None
        found = stored.get(item.key)
        if found is None:
            created.append(_new_item(target, item, parent_id, position, definition.source))
        elif definition.source is ListSource.REFERENCE and _refresh(found, item, parent_id):
            updated.append(found)
    if created or updated:
        _write(actor, target, created, updated)
    keys = tuple(item.key for item in (*created, *updated))
    return ListLoadResult(definition.key, len(created), len(updated), keys)


def _parent_ids(definition: ListDefinition) -> dict[str, int]:
    """Ids of the possible parents by key."""
    if definition.parent_list_key is None:
        return {}
    parents = ListItem.objects.filter(list__key=definition.parent_list_key)
    return dict(parents.values_list("key", "id"))


def _new_item(
    target: List, item: ItemDefinition, parent_id: int | None, position: int, source: ListSource
) -> ListItem:
    return ListItem(
        standard_labels=dict(item.labels) if source is ListSource.REFERENCE else None,
        list=target,
        key=item.key,
        labels=dict(item.labels),
        parent_id=parent_id,
        position=position,
    )


def _refresh(item: ListItem, definition: ItemDefinition, parent_id: int | None) -> bool:
    """Give the item the standard's parent, and its labels where the stored one is what it said
    last: any other is the firm's own. Whether that changed the item. What staff added under a key
    that the standard took later has no standard label and keeps its own.
    """
    standard = dict(definition.labels)
    last = item.standard_labels or {}
    labels = dict(item.labels)
    for language, label in standard.items():
        if labels.get(language) == last.get(language):
            labels[language] = label
    before = item.labels, item.parent_id, item.standard_labels
    item.labels, item.parent_id, item.standard_labels = labels, parent_id, standard
    return before != (labels, parent_id, standard)


def _write(actor: Actor, target: List, created: list[ListItem], updated: list[ListItem]) -> None:
    """One statement per thousand rows. Expects the list's lock."""
    ListItem.objects.bulk_create(created, batch_size=_BATCH_SIZE)
    # Every row conflicts with itself: far faster than the CASE of a bulk_update.
    ListItem.objects.bulk_create(
        updated,
        batch_size=_BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["list", "key"],
        update_fields=["labels", "parent", "standard_labels"],
    )
    list_items_index([*created, *updated])
    list_revision_raise(target.pk)
    audit_record(
        actor=actor,
        operation="list_load",
        object_type="list",
        object_id=target.pk,
        fields=["items"],
    )
