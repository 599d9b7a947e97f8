"""Targets read under their locks, as every write of details needs them (S5)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection

from contacts.targets import CONTACT, TargetKind, TargetRef, TargetState
from crmschema.locks import SCHEMA_LOCK_CLASS
from crmschema.selectors import SCHEMA_STATE_SQL, SchemaState

_LOCK = """
SELECT pg_advisory_xact_lock_shared({lock_class}, %s::int), target.id FROM {table} target
WHERE target.id {wanted} ORDER BY target.id FOR NO KEY UPDATE OF target
"""

_READ = """
SELECT target.id, target.uid, target.version, target.details::text,
       target.anonymised_at IS NOT NULL, {schema_state}, {own}
FROM {table} target JOIN crmschema_crmschema schema ON schema.id = %s
WHERE target.id {wanted}
"""

_CONTACT_OWN = """
target.username, (SELECT jsonb_object_agg(channel, value) FROM contacts_pendingchannel pending
                  WHERE pending.contact_id = target.id)::text
"""


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


@cache
def _statements(kind: TargetKind, *, is_single: bool) -> tuple[str, str]:
    """Lock and read. How long an array is the server learns with each call, and plans anew for it;
    the usual single target is worth a plan that is kept.
    """
    wanted = "= %s::int" if is_single else "= ANY (%s::int[])"
    own = _CONTACT_OWN if kind == CONTACT else "NULL, NULL"
    return (
        _LOCK.format(lock_class=SCHEMA_LOCK_CLASS, table=kind.table, wanted=wanted),
        _READ.format(table=kind.table, schema_state=SCHEMA_STATE_SQL, own=own, wanted=wanted),
    )


def _state(ref: TargetRef, row: tuple[Any, ...]) -> TargetState:
    _, uid, version, details, is_anonymised, *state, username, pending = row
    return TargetState(
        ref=ref,
        uid=uid,
        version=version,
        details=orjson.loads(details),
        username=username,
        is_anonymised=is_anonymised,
        schema=SchemaState(ref.schema_key, *state),
        pending=orjson.loads(pending) if pending else {},
    )
