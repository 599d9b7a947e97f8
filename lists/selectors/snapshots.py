"""Whole lists as schemas and renderers use them, kept in the process by their revisions."""

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

from lists.labels import label_in
from lists.models import List
from lists.snapshot_cache import SnapshotCache
from lists.snapshots import ItemSnapshot, ListSnapshot

_cache = SnapshotCache()


def list_snapshots(keys: Collection[str]) -> dict[str, ListSnapshot]:
    """The lists named, whole, as the current transaction sees them; unknown keys are absent.

    One indexed query while the process holds the lists at their revisions, else one more that
    brings all the others. Items are in the list's order, inactive ones included (S6).
    """
    found: dict[int, ListSnapshot] = {}
    missing: list[int] = []
    for list_id, revision in _revision_rows(keys):
        snapshot = _cache.get(list_id, revision)
        if snapshot is None:
            missing.append(list_id)
        else:
            found[list_id] = snapshot
    if missing:
        found.update(_load(missing))
    return {snapshot.key: snapshot for snapshot in found.values()}


def item_label(snapshot: ListSnapshot, item_key: str, language: str) -> str:
    """The item's label in `language`, its base or the default language (S6).

    Never an error: a key that the list does not have, or an item without any of these labels,
    gives the key.
    """
    item = snapshot.items.get(item_key)
    if item is None:
        return item_key
    return label_in(item.labels, language) or item_key


def _revision_rows(keys: Collection[str]) -> list[tuple[int, int]]:
    """A revision never names two contents, also across rollbacks: safe to cache by (S6)."""
    if not keys:
        return []
    return list(List.objects.filter(key__in=set(keys)).values_list("id", "revision"))


def _load(list_ids: Collection[int]) -> dict[int, ListSnapshot]:
    """Read the lists and put them into the cache.

    Revisions and items come with one statement: two could be torn by an edit between them.
    """
    rows = (
        List.objects.filter(pk__in=list_ids)
        .order_by("id", "items__position", "items__key")
        .values_list(
            "id",
            "key",
            "revision",
            "items__id",
            "items__key",
            "items__labels",
            "items__parent__key",
            "items__is_active",
        )
    )
    loaded: dict[int, ListSnapshot] = {}
    for (list_id, key, revision), group in groupby(rows, key=itemgetter(0, 1, 2)):
        items = (ItemSnapshot(*row[3:]) for row in group if row[3] is not None)
        snapshot = ListSnapshot(key, revision, {item.key: item for item in items})
        _cache.put(list_id, snapshot)
        loaded[list_id] = snapshot
    return loaded
