"""Between writers of details and a check: from which write on all is "changed since" (S4)."""

import time
from typing import Final

from django.db import connection

from crmschema.locks import SCHEMA_LOCK_CLASS
from crmschema.registry import WRITES_MARK

_POLL_SECONDS: Final = 0.02

_WRITERS = f"""
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'advisory' AND classid = {SCHEMA_LOCK_CLASS} AND objid = %s AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND granted AND pid <> pg_backend_pid()
"""  # noqa: S608 - a constant


def writes_fence(schema_id: int) -> int:
    """A mark such that every write up to it is visible to whatever is read after this call.

    Numbers of writes are handed out before they commit. So the mark is read first, and then the
    writers that stand inside the schema's shared lock at that moment are waited for; later ones get
    greater numbers. Nobody is kept waiting by it, unlike by the exclusive lock. Takes no lock.
    """
    mark = WRITES_MARK.get()()
    at_work = _writers(schema_id)
    while at_work:
        time.sleep(_POLL_SECONDS)
        at_work &= _writers(schema_id)
    return mark


def _writers(schema_id: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [schema_id])
        return {row[0] for row in cursor.fetchall()}
