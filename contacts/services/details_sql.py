"""The statements that write details and history: constant texts, which the server prepares once."""

from collections.abc import Iterable, Mapping
from functools import cache

from contacts.models import ChangeSet
from contacts.targets import SCHEMA_COLUMNS, TargetKind

JSON_COLUMNS = frozenset({"details", "search", "changes"})
_DERIVED_COLUMNS = {
    "details": "jsonb",
    "details_hash": "text",
    "schema_token": "bigint",
    **SCHEMA_COLUMNS,
}

UPDATED_COLUMNS = {"id": "int", **_DERIVED_COLUMNS, "changes": "jsonb", "paths": "text[]"}


def inserted_columns(kind: TargetKind) -> dict[str, str]:
    return {"uid": "uuid", **_DERIVED_COLUMNS, **kind.own_columns}


_CHANGE_SET = """
INSERT INTO contacts_changeset ({reference}, version, kind, executed_at, schema_token, details,
    paths, source, member_id, app_id, comment, change_request_id, reviewer_id)
SELECT written.id, written.version, {kind}, clock_timestamp(), new.schema_token, {details},
    {paths}, %s, %s::int, %s::int, %s, %s::int, %s::int
FROM new JOIN written USING ({key})
"""

_UPDATE = """
WITH new AS ({new}), written AS (
    UPDATE {table} target SET
        details = new.details, details_hash = decode(new.details_hash, 'hex'),
        search = new.search, schema_token = new.schema_token, version = target.version + 1,
        display_name = new.display_name, display_name_folded = new.display_name_folded
    FROM new WHERE target.id = new.id {guard}
    RETURNING target.id, target.version
)
"""

_REBUILD = """
WITH new AS ({new})
UPDATE {table} target SET {columns} FROM new
WHERE target.id = new.id AND ({stored}) IS DISTINCT FROM ({wanted})
"""

# Quals on the target's row are looked at again when another writer was waited for.
_TARGET_IS_CURRENT = "target.version = %s::int AND target.xmin::text::bigint = %s::bigint"
_SCHEMA_IS_CURRENT = "crmschema_is_current(%s::int, %s::bigint, %s::bigint, %s::bigint)"

_INSERT = """
WITH new AS ({new}), written AS (
    INSERT INTO {table} (uid, version, created_at, details, details_hash, search, schema_token,
        display_name, display_name_folded {own})
    SELECT uid, 1, clock_timestamp(), details, decode(details_hash, 'hex'), search, schema_token,
        display_name, display_name_folded {own}
    FROM new {guard} RETURNING id, uid, version
), history AS (
    {change_set}
) {rider}
SELECT id, uid FROM written
"""


def _new_rows(columns: Mapping[str, str], *, is_single: bool) -> str:
    """The rows to write. A single one is spelled out, so that the planner knows that it is one and
    goes by the index; how many a JSON text holds it can only guess.
    """
    if is_single:
        values = ", ".join(f"%s::{kind} AS {name}" for name, kind in columns.items())
        return f"SELECT {values}"
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"SELECT * FROM jsonb_to_recordset(%s::jsonb) AS row ({declared})"  # noqa: S608 - constants


@cache
def update_statement(kind: TargetKind, *, is_single: bool) -> str:
    """Updates targets that are locked, and inserts their change sets."""
    new = _new_rows(UPDATED_COLUMNS, is_single=is_single)
    return _UPDATE.format(table=kind.table, new=new, guard="") + _change(kind)


@cache
def unlocked_update_statement(kind: TargetKind, condition: str = "", insert: str = "") -> str:
    """The same for one target, if it and its schema are still as they were read and a rider's
    condition holds; gives a row if so. `written` is what a rider's insert goes by.
    """
    new = _new_rows(UPDATED_COLUMNS, is_single=True)
    guard = f"AND {_TARGET_IS_CURRENT} AND {_all(_SCHEMA_IS_CURRENT, condition)}"
    rider = f", rider AS ({insert})" if insert else ""
    update = _UPDATE.format(table=kind.table, new=new, guard=guard)
    return f"{update}, history AS ({_change(kind)}){rider} SELECT id FROM written"  # noqa: S608 - constants


@cache
def rebuild_statement(kind: TargetKind) -> str:
    """Updates the columns that follow the schema, of targets that are locked and have others."""
    names = list(SCHEMA_COLUMNS)
    return _REBUILD.format(
        table=kind.table,
        new=_new_rows({"id": "int", **SCHEMA_COLUMNS}, is_single=False),
        columns=", ".join(f"{name} = new.{name}" for name in names),
        stored=", ".join(f"target.{name}" for name in names),
        wanted=", ".join(f"new.{name}" for name in names),
    )


def _change(kind: TargetKind) -> str:
    return _CHANGE_SET.format(
        reference=kind.reference,
        kind=f"'{ChangeSet.Kind.CHANGE.value}'",
        details="new.changes",
        paths="new.paths",
        key="id",
    )


@cache
def insert_statement(kind: TargetKind, *, is_single: bool) -> str:
    """Inserts targets with their change sets, under the schema's lock."""
    new = _new_rows(inserted_columns(kind), is_single=is_single)
    return _insert(kind, list(kind.own_columns), new=new)


@cache
def unlocked_insert_statement(kind: TargetKind, condition: str = "", insert: str = "") -> str:
    """The same for one target whose id is given, if the schema is still as it was read and a
    rider's condition holds; gives a row if so.
    """
    return _insert(
        kind,
        ["id", *kind.own_columns],
        new=_new_rows({"id": "int", **inserted_columns(kind)}, is_single=True),
        guard=f"WHERE {_all(_SCHEMA_IS_CURRENT, condition)}",
        rider=f", rider AS ({insert})" if insert else "",
    )


def _insert(
    kind: TargetKind, own: Iterable[str], *, new: str, guard: str = "", rider: str = ""
) -> str:
    change_set = _CHANGE_SET.format(
        reference=kind.reference,
        kind=f"'{ChangeSet.Kind.CREATION.value}'",
        details="new.details",
        paths="ARRAY[]::text[]",
        key="uid",
    )
    return _INSERT.format(
        table=kind.table,
        new=new,
        own="".join(f", {name}" for name in own),
        guard=guard,
        change_set=change_set,
        rider=rider,
    )


def _all(*conditions: str) -> str:
    return " AND ".join(condition for condition in conditions if condition)
