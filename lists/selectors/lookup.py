"""Lookups (S7): the first items of a list for what somebody types, at any size of the list."""

import json
from dataclasses import dataclass
from sys import getsizeof
from uuid import UUID

from django.db import connection

from config.common.text import fold
from lists.exceptions import ListNotFound
from lists.models import List, ListItem
from lists.selectors.scope_labels import Scope, scope_labels
from lists.shown_items import COLUMNS, ShownItem, shown_item
from lists.weighted_cache import WeightedCache

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
MAX_FILTER_LENGTH = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What is looked for. `by_parent` restricts to the children of `parent_id`, None: the roots.

    `include_id` and `include_key` name items that are shown on top, whatever the rest says.
    """

    text: str = ""
    limit: int = DEFAULT_LIMIT
    by_parent: bool = False
    parent_id: int | None = None
    include_id: int | None = None
    include_key: str | None = None


@dataclass(frozen=True, slots=True)
class FoundItems:
    """The items to show, and how many match, whether they are shown or not."""

    items: tuple[ShownItem, ...]
    total_count: int


_MAX_CACHED_BYTES = 20 * 1024 * 1024
# What is held beside the texts: objects, and their places in tuples and in the cache.
_ANSWER_BYTES, _ITEM_BYTES = 600, 250
_cache: WeightedCache[FoundItems] = WeightedCache(_MAX_CACHED_BYTES)


def list_items_lookup(*, list_key: str, lookup: Lookup, language: str) -> FoundItems:
    """The active items whose label in `language` (or its fallback, S6) holds the text, ignoring
    case and accents: those that start with it first, then in the list's order (position, key).

    Items to include stand on top once, also when they are inactive or do not match; those of other
    lists are nothing. The total counts the matches as if nothing had been included. One statement
    when this process has answered the same at this revision, else two, and one or two more for the
    first term at a revision; one more for each item to include. Raises ListNotFound.
    """
    list_id, revision = _list_state(list_key)
    term = fold(lookup.text.strip())
    parent_id = lookup.parent_id if lookup.by_parent else None
    scope = Scope(list_id, language, lookup.by_parent, parent_id)
    found = _cache.get((revision, scope, term, lookup.limit))
    if found is None:
        seen, found = _search(scope, revision, term, lookup.limit)
        if seen is not None:
            _cache.put((seen, scope, term, lookup.limit), found, _weight(term, found))
    included = _included(list_id, lookup, language)
    # By id: an edit may have come between the two.
    others = (item for item in found.items if item.id not in included)
    return FoundItems((*included.values(), *others), found.total_count)


def _weight(term: str, found: FoundItems) -> int:
    """About how many bytes are held. Custom attributes may be by far the most of it."""
    texts = (
        text for item in found.items for text in (item.key, item.label, item.custom_attributes)
    )
    held = sum(getsizeof(text) for text in (term, *texts))
    return _ANSWER_BYTES + _ITEM_BYTES * len(found.items) + held


def _list_state(list_key: str) -> tuple[int, int]:
    state = List.objects.filter(key=list_key).values_list("id", "revision").first()
    if state is None:
        raise ListNotFound("The list does not exist.")
    return state


def _included(list_id: int, lookup: Lookup, language: str) -> dict[int, ShownItem]:
    """The item with the id, then the one with the key, by id."""
    shown: dict[int, ShownItem] = {}
    for name, value in (("id", lookup.include_id), ("key", lookup.include_key)):
        if value is None:
            continue
        rows = ListItem.objects.filter(list_id=list_id, **{name: value}).values_list(*COLUMNS)
        shown |= {row[0]: shown_item(row, language) for row in rows}
    return shown


_SHOW = """
SELECT list.revision,
    item.id, item.uid, item.key, item.labels::text, item.custom_attributes::text
FROM lists_list list
LEFT JOIN (
    SELECT unnest(%s::int[]) AS id, 0 AS rank UNION ALL SELECT unnest(%s::int[]), 1
) hit ON true
LEFT JOIN lists_listitem item ON item.id = hit.id
WHERE list.id = %s
ORDER BY hit.rank, item.position, item.key
LIMIT %s
"""


def _search(scope: Scope, revision: int, term: str, limit: int) -> tuple[int | None, FoundItems]:
    """The answer, with the revision that all of it is of; None when an edit came in between: then
    it names the items of before as they are now, and must not be kept.
    """
    labels = scope_labels(scope, revision)
    hits = labels.search(term, limit)
    with connection.cursor() as cursor:
        cursor.execute(_SHOW, [hits.starting, hits.inside, scope.list_id, limit])
        rows = cursor.fetchall()
    items = tuple(_from_text(row[1:], scope.language) for row in rows if row[1] is not None)
    seen = rows[0][0]
    return seen if seen == labels.revision else None, FoundItems(items, hits.total)


def _from_text(row: tuple[int, UUID, str, str, str | None], language: str) -> ShownItem:
    """Past Django, JSON comes as text."""
    item_id, uid, key, labels, attributes = row
    values = (item_id, uid, key, json.loads(labels), json.loads(attributes or "null"))
    return shown_item(values, language)
