"""Targets as every write of details needs them: read under their locks, or ahead of them (S5)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection

from config.common.actors import Actor
from config.common.tokens import Credentials
from contacts.selectors.access import contact_reach
from contacts.targets import (
    CONTACT,
    SCHEMA_COLUMNS,
    TargetKind,
    TargetProspect,
    TargetRef,
    TargetState,
)
from crmschema.locks import SCHEMA_LOCK_CLASS
from crmschema.selectors import SCHEMA_STATE_SQL, SchemaState

_LOCK = """
SELECT pg_advisory_xact_lock_shared({lock_class}, %s::int), target.id FROM {table} target
WHERE target.id {wanted} ORDER BY target.id FOR NO KEY UPDATE OF target
"""

_READ = """
SELECT {columns}
FROM {table} target JOIN crmschema_crmschema schema ON schema.id = %s
WHERE target.id {wanted}
"""

_PAGE = """
SELECT schema.id, jsonb_build_object({stored})::text, {columns}
FROM {table} target JOIN crmschema_crmschema schema ON schema.key = %s
WHERE {of_schema} AND target.id > %s ORDER BY target.id LIMIT %s
"""

_COLUMNS = """
{row}.id, {row}.uid, {row}.version, {row}.xmin::text::bigint, {row}.details::text,
{row}.anonymised_at IS NOT NULL, {schema_state}, {own}
"""

_CONTACT_OWN = """
{row}.username, (SELECT jsonb_object_agg(channel, value) FROM contacts_pendingchannel pending
                 WHERE pending.contact_id = {row}.id)::text
"""


_PROSPECT = f"""
SELECT nextval(pg_get_serial_sequence('contacts_contact', 'id'))::int, schema.id, schema.key,
       {SCHEMA_STATE_SQL}
FROM contacts_contacttype kind JOIN crmschema_crmschema schema ON schema.id = kind.schema_id
WHERE kind.id = %s
"""  # noqa: S608 - a constant


def contact_prospect(contact_type_id: int) -> TargetProspect | None:
    """A new contact of a type, before it is written: one statement. None without such a type."""
    with connection.cursor() as cursor:
        cursor.execute(_PROSPECT, [contact_type_id])
        row = cursor.fetchone()
    if row is None:
        return None
    target_id, schema_id, *state = row
    return TargetProspect(target_id, schema_id, SchemaState(*state))


def contact_state_reach(
    credentials: Credentials, contact_id: int
) -> tuple[Actor, TargetState | None]:
    """The actor, and the contact as it stands, not locked; None when it is out of reach. One
    statement, which also decides who calls (A2, A3). Raises as `contact_reach` does.
    """
    actor, contact = contact_reach(credentials, contact_id, (_columns(CONTACT, "contact"),))
    return actor, _state(contact.ref, contact.extra) if contact else None


def targets_get_for_update(refs: Sequence[TargetRef]) -> dict[int, TargetState]:
    """The targets by id, locked: first the schema's shared lock, then the rows in order of id;
    only then everything is read, so that nothing read is older than the locks. Targets that do
    not exist are absent. All must be of one kind and one schema. Expects a transaction.
    """
    first = refs[0]
    is_single = len(refs) == 1
    wanted = first.id if is_single else "{" + ",".join(str(ref.id) for ref in refs) + "}"
    parameters: list[int | str] = [first.schema_id, wanted]
    lock, read = _statements(first.kind, is_single=is_single)
    with connection.cursor() as cursor:
        cursor.execute(lock, parameters)
        cursor.execute(read, parameters)
        rows = cursor.fetchall()
    by_id = {ref.id: ref for ref in refs}
    return {row[0]: _state(by_id[row[0]], row) for row in rows}


def targets_with_columns(
    kind: TargetKind, of_schema: str, key: str, *, after_id: int, limit: int
) -> list[tuple[TargetState, dict[str, Any]]]:  # Any: column values
    """The next targets of a schema in order of id, not locked, each with what is stored in
    `SCHEMA_COLUMNS`: one statement. `of_schema` is as in `contacts.documents.Documents`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_page_statement(kind, of_schema), [key, key, after_id, limit])
        rows = cursor.fetchall()
    return [
        (_state(TargetRef(kind, row[0], schema_id, key), tuple(row)), orjson.loads(columns))
        for schema_id, columns, *row in rows
    ]


@cache
def _page_statement(kind: TargetKind, of_schema: str) -> str:
    stored = ", ".join(f"'{name}', target.{name}" for name in SCHEMA_COLUMNS)
    return _PAGE.format(
        table=kind.table, of_schema=of_schema, stored=stored, columns=_columns(kind, "target")
    )


@cache
def _statements(kind: TargetKind, *, is_single: bool) -> tuple[str, str]:
    """Lock and read. How long an array is the server learns with each call, and plans anew for it;
    the usual single target is worth a plan that is kept.
    """
    wanted = "= %s::int" if is_single else "= ANY (%s::int[])"
    return (
        _LOCK.format(lock_class=SCHEMA_LOCK_CLASS, table=kind.table, wanted=wanted),
        _READ.format(table=kind.table, columns=_columns(kind, "target"), wanted=wanted),
    )


@cache
def _columns(kind: TargetKind, row: str) -> str:
    """The columns that `_state` takes, of the table or alias `row`."""
    own = _CONTACT_OWN.format(row=row) if kind == CONTACT else "NULL, NULL"
    return _COLUMNS.format(row=row, schema_state=SCHEMA_STATE_SQL, own=own)


def _state(ref: TargetRef, row: tuple[Any, ...]) -> TargetState:
    _, uid, version, transaction, details, is_anonymised, *state, username, pending = row
    return TargetState(
        ref=ref,
        uid=uid,
        version=version,
        row_transaction=transaction,
        details=orjson.loads(details),
        username=username,
        is_anonymised=is_anonymised,
        schema=SchemaState(ref.schema_key, *state),
        pending=orjson.loads(pending) if pending else {},
    )
