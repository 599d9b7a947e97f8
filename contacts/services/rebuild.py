"""The columns that follow the schema, brought up to date for targets that nobody writes (S4)."""

from collections.abc import Sequence

import orjson
from django.db import connection

from contacts.selectors.targets import targets_get_for_update, targets_with_columns
from contacts.services import details_sql as sql
from contacts.services.derived import stored_columns
from contacts.targets import TargetKind, TargetRef
from crmschema.registry import RebuiltPage


def targets_rebuild(
    *, kind: TargetKind, of_schema: str, key: str, after_id: int, limit: int
) -> RebuiltPage:
    """Compute `SCHEMA_COLUMNS` anew for the next targets of a schema in order of id.

    A first look takes no locks: who wrote after the schema was saved wrote by it, so that what is
    right once stays right, and most saves concern few targets. What is wrong is computed again
    under the schema's shared lock and the rows' locks, by the schema as it is then. Nothing else of
    a target changes: no version, no history. Expects a transaction; one statement, four where
    columns change.
    """
    found = targets_with_columns(kind, of_schema, key, after_id=after_id, limit=limit)
    stale = [state.ref for state, columns in found if stored_columns(state) != columns]
    last_id = found[-1][0].ref.id if found else after_id
    return RebuiltPage(len(found), _rebuilt(kind, stale) if stale else 0, last_id)


def _rebuilt(kind: TargetKind, refs: Sequence[TargetRef]) -> int:
    """How many of them still had other columns under their locks, and have these now."""
    states = targets_get_for_update(refs)
    rows = [{"id": state.ref.id, **stored_columns(state)} for state in states.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql.rebuild_statement(kind), [orjson.dumps(rows).decode()])
        return int(cursor.rowcount)
