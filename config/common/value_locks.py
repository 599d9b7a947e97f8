"""Locks on values that have no row to lock: who takes one keeps the others out until the end of its
transaction.
"""

import zlib
from collections.abc import Collection
from enum import IntEnum

from django.db import connection

BUCKETS = 256
"""Values share so many locks, so that no batch fills the server's table of locks."""


class LockSpace(IntEnum):
    """The first key of the advisory locks; schemas have 7."""

    USERNAMES = 8
    DESTINATIONS = 9


def values_lock(space: LockSpace, values: Collection[str]) -> None:
    """Lock values until the transaction ends, which it expects. One statement, and always in the
    same order: two that lock the same values wait for each other, but never both.

    Take all that a transaction needs of a space in one call, after the locks of rows and before
    they are written; destinations before usernames. A second call for other values can wait for
    somebody who waits for the first: a transaction submits to one target, or to a batch at once.
    """
    buckets = sorted({zlib.crc32(value.encode()) % BUCKETS for value in values})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s::int, bucket) FROM unnest(%s::int[]) AS bucket",
            [space, buckets],
        )
