"""The labels that lookups search, kept in the process and brought up to date by what changed."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from lists.label_text import SEPARATOR, Hits, LabelText
from lists.weighted_cache import WeightedCache

# A list of 50,000 items takes about 1.3 MB for each language, twice that while it is edited.
_MAX_CACHED_BYTES = 32 * 1024 * 1024
_OVERHEAD_BYTES = 1_000
# With more, reading everything anew is cheaper than setting changes beside what is held.
MAX_CHANGES = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """The active items that a lookup may find: all of a list, or with `by_parent` the children of
    `parent_id`, None: the roots.
    """

    list_id: int
    language: str
    by_parent: bool
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class ScopeLabels:
    """Labels of a scope at one revision of its list: those as they were at `base_revision` but for
    items that changed since, and those of the changed ones.
    """

    revision: int
    base_revision: int
    base: LabelText
    kept: LabelText
    changed: LabelText

    @property
    def weight(self) -> int:
        """About how many bytes are held."""
        texts = {id(text): text for text in (self.base, self.kept, self.changed)}
        return _OVERHEAD_BYTES + sum(text.weight for text in texts.values())

    def search(self, term: str, limit: int) -> Hits:
        """As `LabelText.search`, but that up to twice as many items come, in no common order."""
        kept, changed = self.kept.search(term, limit), self.changed.search(term, limit)
        return Hits(
            kept.starting + changed.starting,
            kept.inside + changed.inside,
            kept.total + changed.total,
        )


_cache: WeightedCache[ScopeLabels] = WeightedCache(_MAX_CACHED_BYTES)


def scope_labels(scope: Scope, revision: int) -> ScopeLabels:
    """The labels of a scope as the current transaction sees them; no statement while the process
    holds them at `revision`, else one, or two after many changes.
    """
    held = _cache.get(scope)
    if held is not None and held.revision == revision:
        return held
    made = None if held is None else _follow(scope, held)
    if made is None:
        made, is_committed = _load(scope)
        if not is_committed:
            return made
    _cache.put(scope, made, made.weight)
    return made


# Revision and labels come with one statement: two could be torn by an edit between them. What a
# transaction has written itself may be rolled back, and nothing must build upon it.
_LOAD = sql.SQL("""
SELECT list.revision, pg_current_xact_id_if_assigned() IS NULL,
    coalesce(labels.texts, ''), coalesce(labels.ids, '')
FROM lists_list list CROSS JOIN LATERAL (
    SELECT string_agg(folded, {separator} ORDER BY position, key) AS texts,
        string_agg(item_id::text, ' ' ORDER BY position, key) AS ids
    FROM lists_listitemlabel
    WHERE list_id = list.id AND language = {language} AND is_active AND {parent}
) labels
WHERE list.id = {list_id}
""")
_CHANGES = sql.SQL("""
SELECT list.revision, label.item_id, label.folded, label.is_active AND {parent}
FROM lists_list list
LEFT JOIN lists_listitemlabel label ON label.list_id = list.id
    AND label.language = {language} AND label.revision > {base_revision}
WHERE list.id = {list_id}
ORDER BY label.position, label.key
LIMIT {limit}
""")


def _load(scope: Scope) -> tuple[ScopeLabels, bool]:
    """All labels, and whether they are sure to stay."""
    statement = _LOAD.format(separator=sql.Literal(SEPARATOR), **_values(scope))
    ((revision, is_committed, texts, ids),) = _rows(statement)
    base = LabelText(texts, map(int, ids.split()))
    return ScopeLabels(revision, revision, base, base, LabelText("", [])), is_committed


def _follow(scope: Scope, held: ScopeLabels) -> ScopeLabels | None:
    """What is held with the changes since; None where they are too many."""
    statement = _CHANGES.format(
        base_revision=sql.Literal(held.base_revision),
        limit=sql.Literal(MAX_CHANGES + 1),
        **_values(scope),
    )
    rows = _rows(statement)
    if len(rows) > MAX_CHANGES:
        return None
    item_ids = {row[1] for row in rows}
    inside = [row for row in rows if row[3]]
    changed = LabelText(SEPARATOR.join(row[2] for row in inside), (row[1] for row in inside))
    kept = held.base.without(item_ids)
    return ScopeLabels(rows[0][0], held.base_revision, held.base, kept, changed)


def _rows(statement: sql.Composed) -> list[tuple[Any, ...]]:  # Any: columns
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        rows: list[tuple[Any, ...]] = cursor.fetchall()  # Any: columns
    return rows


def _values(scope: Scope) -> dict[str, sql.Composable]:
    """As literals: a prepared statement would keep one plan for lists of all sizes."""
    return {
        "list_id": sql.Literal(scope.list_id),
        "language": sql.Literal(scope.language),
        "parent": _parent_condition(scope),
    }


def _parent_condition(scope: Scope) -> sql.Composable:
    if not scope.by_parent:
        return sql.SQL("true")
    if scope.parent_id is None:
        return sql.SQL("parent_id IS NULL")
    return sql.SQL("parent_id = {id}").format(id=sql.Literal(scope.parent_id))
