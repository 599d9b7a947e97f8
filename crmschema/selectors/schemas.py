"""Reads of schemas: the one place that hands out compiled schemas."""

import json
from collections.abc import Iterator
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection

from config.common.exceptions import NotFound
from config.common.text import is_storable
from crmschema.compiler import compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.models import CrmSchemaVersion
from lists.selectors import list_snapshots

LISTS_REVISION_SQL = (
    "(SELECT coalesce(bit_xor(hashint8extended(revision, id)), 0)::bigint FROM lists_list)"
)
"""One number that differs after every edit of any list: with a schema's token it names what a
compiled schema depends on (S6). A sum would not do: an edit that is rolled back could lend its sum
to another. Lists are few, so it costs microseconds.
"""

SCHEMA_STATE_SQL = f"schema.concurrency_token, schema.xmin::text::bigint, {LISTS_REVISION_SQL}"
"""What names a state of `crmschema_crmschema AS schema`. A token alone would not do: a save that is
rolled back lends its token to the next one, but never its transaction.
"""

_FROM = "FROM crmschema_crmschema schema WHERE key = %s"
_STATE = f"SELECT {SCHEMA_STATE_SQL} {_FROM}"
_SCHEMA = f"SELECT schema.id, schema.schema, {SCHEMA_STATE_SQL} {_FROM}"
_KEPT_VERSIONS = 32


class SchemaState(NamedTuple):
    """What a compiled schema is cached by: it is the same for as long as these are."""

    key: str
    token: int
    transaction: int
    lists_revision: int


class StoredSchema(NamedTuple):
    """A schema as it is stored, with what it compiles to."""

    id: int
    schema: str
    compiled: CompiledSchema


class _Cache:
    """The compiled schemas of this process, the latest `_KEPT_VERSIONS` of them."""

    def __init__(self) -> None:
        self._compiled: dict[SchemaState, CompiledSchema] = {}
        self._lock = Lock()

    def get(self, state: SchemaState) -> CompiledSchema:
        found = self._compiled.get(state)
        if found is None:
            with self._lock:
                found = self._compiled.get(state) or self._add(state)
        return found

    def _add(self, state: SchemaState) -> CompiledSchema:
        compiled = _compile(state)
        while len(self._compiled) >= _KEPT_VERSIONS:
            self._compiled.pop(next(iter(self._compiled)))
        self._compiled[state] = compiled
        return compiled


_cache = _Cache()


def compiled_at(state: SchemaState) -> CompiledSchema:
    """The compiled schema of a state that the caller has read in its own transaction (S5).

    No query when this process has compiled it before.
    """
    return _cache.get(state)


def compiled(key: str) -> CompiledSchema:
    """The compiled schema of `key` as it is now: one query. Raises NotFound."""
    return compiled_at(SchemaState(key, *_row(_STATE, key)))


def schema_get(key: str) -> StoredSchema:
    """The schema as it is now: one query. Raises NotFound."""
    schema_id, text, *state = _row(_SCHEMA, key)
    return StoredSchema(schema_id, text, compiled_at(SchemaState(key, *state)))


def _row(statement: str, key: str) -> tuple[Any, ...]:  # Any: as many types as columns
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        row: tuple[Any, ...] | None = cursor.fetchone()  # Any: as above
    if row is None:
        raise NotFound("There is no such schema.")
    return row


def _compile(state: SchemaState) -> CompiledSchema:
    version = CrmSchemaVersion.objects.get(crm_schema__key=state.key, token=state.token)
    return text_compiled(state.key, state.token, version.schema)


def text_compiled(key: str, token: int, schema: str) -> CompiledSchema:
    """Any text with today's lists, not cached. Raises SchemaInvalid."""
    lists = list_snapshots(list_keys(schema))
    return compile_schema(key=key, token=token, schema=schema, lists=lists)


def list_keys(schema: str) -> set[str]:
    """The lists that the JSON text of a schema names; what is no schema names none, and no list
    has a name that the database cannot hold.
    """
    try:
        return set(_list_keys(json.loads(schema)))
    except (ValueError, RecursionError):
        return set()


def _list_keys(node: Any) -> Iterator[str]:  # Any: JSON values
    if isinstance(node, list):
        for element in node:
            yield from _list_keys(element)
    elif isinstance(node, dict):
        attributes = node.get("crm")
        list_key = attributes.get("listKey") if isinstance(attributes, dict) else None
        if isinstance(list_key, str) and is_storable(list_key):
            yield list_key
        for value in node.values():
            yield from _list_keys(value)
