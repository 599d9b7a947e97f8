"""The statements that write details and history: constant texts, which the server prepares once."""

from collections.abc import Mapping
from functools import cache

from contacts.models import ChangeSet
from contacts.targets import TargetKind

JSON_COLUMNS = frozenset({"details", "search", "changes"})
_DERIVED_COLUMNS = {
    "details": "jsonb",
    "details_hash": "text",
    "search": "jsonb",
    "schema_token": "bigint",
    "display_name": "text",
    "display_name_folded": "text",
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

# Quals on the target's row are looked at again when another writer was waited for.
_GUARD = """
AND target.version = %s::int AND target.xmin::text::bigint = %s::bigint
AND crmschema_is_current(%s::int, %s::bigint, %s::bigint, %s::bigint)
"""

_INSERT = """
WITH new AS ({new}), written AS (
    INSERT INTO {table} (uid, version, created_at, details, details_hash, search, schema_token,
        display_name, display_name_folded {own})
    SELECT uid, 1, clock_timestamp(), details, decode(details_hash, 'hex'), search, schema_token,
        display_name, display_name_folded {own}
    FROM new RETURNING id, uid, version
), history AS (
    {change_set}
)
SELECT id, uid FROM written
"""

DROP_PENDING = """
DELETE FROM contacts_pendingchannel pending
USING jsonb_to_recordset(%s::jsonb) AS written (contact_id int, channel text)
WHERE pending.contact_id = written.contact_id AND pending.channel = written.channel
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
def unlocked_statement(kind: TargetKind, condition: str = "", insert: str = "") -> str:
    """The same for one target, if it is still as it was read and a rider's condition holds; gives
    a row if so. `written` is what a rider's insert goes by.
    """
    new = _new_rows(UPDATED_COLUMNS, is_single=True)
    guard = _GUARD + (f"AND {condition}" if condition else "")
    rider = f", rider AS ({insert})" if insert else ""
    update = _UPDATE.format(table=kind.table, new=new, guard=guard)
    return f"{update}, history AS ({_change(kind)}){rider} SELECT id FROM written"  # noqa: S608 - constants


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
    change_set = _CHANGE_SET.format(
        reference=kind.reference,
        kind=f"'{ChangeSet.Kind.CREATION.value}'",
        details="new.details",
        paths="ARRAY[]::text[]",
        key="uid",
    )
    return _INSERT.format(
        table=kind.table,
        new=_new_rows(inserted_columns(kind), is_single=is_single),
        own="".join(f", {name}" for name in kind.own_columns),
        change_set=change_set,
    )
