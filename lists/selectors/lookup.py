"""Lookups (S7): the first items of a list for what somebody types, at any size of the list."""

import json
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from psycopg import sql

from config.common.text import fold
from lists.exceptions import ListNotFound
from lists.models import List, ListItem
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


# About 20 MB at the worst: 400 bytes for each item, or for a hundred characters of a term.
_cache: WeightedCache[FoundItems] = WeightedCache(50_000)


def list_items_lookup(*, list_key: str, lookup: Lookup, language: str) -> FoundItems:
    """The active items whose label in `language` (or its fallback, S6) holds the text, ignoring
    case and accents: those that start with it first, then in the list's order (position, key).

    Items to include stand on top once, also when they are inactive or do not match; those of other
    lists are nothing. The total counts the matches as if nothing had been included. One statement
    when this process has answered the same at this revision, else two; one more for items to
    include. Raises ListNotFound.
    """
    list_id, revision = _list_state(list_key)
    term = fold(lookup.text.strip())
    scope = (list_id, language, lookup.by_parent, lookup.parent_id if lookup.by_parent else None)
    found = _cache.get((revision, *scope, term, lookup.limit))
    if found is None:
        revision, found = _search(_Scope(*scope), term, lookup.limit)
        weight = 1 + len(found.items) + len(term) // 100
        _cache.put((revision, *scope, term, lookup.limit), found, weight)
    included = _included(list_id, lookup, language)
    others = (item for item in found.items if item not in included)
    return FoundItems((*included, *others), found.total_count)


def _list_state(list_key: str) -> tuple[int, int]:
    state = List.objects.filter(key=list_key).values_list("id", "revision").first()
    if state is None:
        raise ListNotFound("The list does not exist.")
    return state


def _included(list_id: int, lookup: Lookup, language: str) -> tuple[ShownItem, ...]:
    """The item with the id, then the one with the key."""
    shown: list[ShownItem] = []
    for name, value in (("id", lookup.include_id), ("key", lookup.include_key)):
        if value is None:
            continue
        rows = ListItem.objects.filter(list_id=list_id, **{name: value}).values_list(*COLUMNS)
        shown += (item for item in (shown_item(row, language) for row in rows))
    return tuple(dict.fromkeys(shown))


@dataclass(frozen=True, slots=True)
class _Scope:
    list_id: int
    language: str
    by_parent: bool
    parent_id: int | None


# Values stand in the text as literals: the plan of a term of one letter is bad for one of six and
# the other way round, and a prepared statement would end up with one plan for all.
_SEARCH = sql.SQL("""
WITH prefix AS (
    SELECT item_id, position, key FROM lists_listitemlabel
    WHERE {scope} AND folded LIKE {prefix} ORDER BY position, key LIMIT {limit}
), inner_match AS (
    SELECT item_id, position, key FROM lists_listitemlabel
    WHERE {scope} AND folded LIKE {anywhere} AND folded NOT LIKE {prefix}
    ORDER BY position, key LIMIT (SELECT {limit} - count(*) FROM prefix)
), shown AS (
    SELECT 0 AS rank, * FROM prefix UNION ALL SELECT 1, * FROM inner_match
)
SELECT list.revision,
    (SELECT count(*) FROM lists_listitemlabel WHERE {scope} AND folded LIKE {anywhere}),
    item.id, item.uid, item.key, item.labels::text, item.custom_attributes::text
FROM lists_list list
LEFT JOIN shown ON true
LEFT JOIN lists_listitem item ON item.id = shown.item_id
WHERE list.id = {list_id}
ORDER BY shown.rank, shown.position, shown.key
""")
_BROWSE = sql.SQL("""
WITH shown AS (
    SELECT item_id, position, key FROM lists_listitemlabel
    WHERE {scope} ORDER BY position, key LIMIT {limit}
)
SELECT list.revision, (SELECT count(*) FROM lists_listitemlabel WHERE {scope}),
    item.id, item.uid, item.key, item.labels::text, item.custom_attributes::text
FROM lists_list list
LEFT JOIN shown ON true
LEFT JOIN lists_listitem item ON item.id = shown.item_id
WHERE list.id = {list_id}
ORDER BY shown.position, shown.key
""")
_SCOPE = sql.SQL("list_id = {list_id} AND language = {language} AND is_active{parent}")


def _search(scope: _Scope, term: str, limit: int) -> tuple[int, FoundItems]:
    """The answer, with the revision that the same statement saw."""
    pattern = re.sub(r"([\\%_])", r"\\\1", term)
    values = {
        "list_id": sql.Literal(scope.list_id),
        "limit": sql.Literal(limit),
        "scope": _SCOPE.format(
            list_id=sql.Literal(scope.list_id),
            language=sql.Literal(scope.language),
            parent=_parent_condition(scope),
        ),
        "prefix": sql.Literal(f"{pattern}%"),
        "anywhere": sql.Literal(f"%{pattern}%"),
    }
    statement = (_SEARCH if term else _BROWSE).format(**values)
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        rows = cursor.fetchall()
    revision, total = rows[0][:2]
    items = tuple(_from_text(row[2:], scope.language) for row in rows if row[2] is not None)
    return revision, FoundItems(items, total)


def _parent_condition(scope: _Scope) -> sql.Composable:
    if not scope.by_parent:
        return sql.SQL("")
    if scope.parent_id is None:
        return sql.SQL(" AND parent_id IS NULL")
    return sql.SQL(" AND parent_id = {id}").format(id=sql.Literal(scope.parent_id))


def _from_text(row: tuple[int, UUID, str, str, str | None], language: str) -> ShownItem:
    """Past Django, JSON comes as text."""
    item_id, uid, key, labels, attributes = row
    values = (item_id, uid, key, json.loads(labels), json.loads(attributes or "null"))
    return shown_item(values, language)
