"""The locks that keep writers of details and saves of their schema out of each other's way (S5)."""

from django.db import connection

SCHEMA_LOCK_CLASS = 7
"""The space of the advisory locks on schemas; the second key is the schema's id."""


def schema_lock_shared(schema_id: int) -> None:
    """Keep a save of the schema out until the transaction ends. Re-entrant."""
    _lock("pg_advisory_xact_lock_shared", schema_id)


def schema_lock_exclusive(schema_id: int) -> None:
    """Wait for all writers under the schema, and keep new ones out until the transaction ends."""
    _lock("pg_advisory_xact_lock", schema_id)


def _lock(function: str, schema_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s::int, %s::int)", [SCHEMA_LOCK_CLASS, schema_id])
