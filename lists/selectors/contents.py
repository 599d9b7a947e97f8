"""The active items of whole lists as JSON text, made once for each revision and language."""

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

from config.common.json import dumps
from lists.exceptions import ListsUnknown
from lists.models import List
from lists.presenters import item_output
from lists.shown_items import COLUMNS, shown_item
from lists.weighted_cache import WeightedCache

_MAX_CACHED_BYTES = 64 * 1024 * 1024
_cache: WeightedCache[bytes] = WeightedCache(_MAX_CACHED_BYTES)


def list_contents(*, keys: Collection[str] | None, language: str) -> list[tuple[str, bytes]]:
    """Key and items, a JSON array in the list's order, of the lists named, each once, in the order
    asked for; None or empty: of all lists by key (Q2). Inactive items are hidden (S6).

    One statement while this process holds the lists at their revisions, else one more. Raises
    ListsUnknown, which names what is unknown by position.
    """
    states = _states(keys)
    texts = {
        list_id: text
        for list_id, _key, revision in states
        if (text := _cache.get((list_id, revision, language))) is not None
    }
    missing = [list_id for list_id, _key, _revision in states if list_id not in texts]
    if missing:
        texts |= _load(missing, language)
    return [(key, texts[list_id]) for list_id, key, _revision in states]


def _states(keys: Collection[str] | None) -> list[tuple[int, str, int]]:
    lists = List.objects.values_list("id", "key", "revision")
    if not keys:
        return list(lists.order_by("key"))
    found = {state[1]: state for state in lists.filter(key__in=set(keys))}
    unknown = [index for index, key in enumerate(keys) if key not in found]
    if unknown:
        raise ListsUnknown(unknown)
    return [found[key] for key in dict.fromkeys(keys)]


def _load(list_ids: Collection[int], language: str) -> dict[int, bytes]:
    """Read the lists and put them into the cache.

    Revisions and items come with one statement: two could be torn by an edit between them.
    """
    rows = (
        List.objects.filter(pk__in=list_ids)
        .order_by("id", "items__position", "items__key")
        .values_list("id", "revision", "items__is_active", *(f"items__{name}" for name in COLUMNS))
    )
    loaded: dict[int, bytes] = {}
    for (list_id, revision), group in groupby(rows, key=itemgetter(0, 1)):
        active = (row[3:] for row in group if row[2])
        text = dumps([item_output(shown_item(row, language)) for row in active])
        _cache.put((list_id, revision, language), text, len(text))
        loaded[list_id] = text
    return loaded
