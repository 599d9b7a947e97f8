"""Transactions: `atomic` for services, aware of the one that an idempotent request already holds.

A write with an idempotency key runs inside the transaction that also stores its answer (D10). A
savepoint for the service in there would cost two statements and gain nothing: whatever the
service raises ends the whole transaction. So `atomic` joins it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, NamedTuple

import psycopg
from django.db import IntegrityError, connection, transaction

# The depth of atomic blocks at which a request's transaction stands; None outside of one.
_joinable_depth: ContextVar[int | None] = ContextVar("joinable_depth", default=None)


class Rider(NamedTuple):
    """What somebody else's statement carries along: without `condition` that statement writes
    nothing, and `insert` runs for each row of its `written`. Constant texts with their values.
    """

    condition: str
    condition_values: Sequence[Any]  # Any: as many types as parameters
    insert: str
    insert_values: Sequence[Any]  # Any: the same


NO_RIDER = Rider("", (), "", ())


@contextmanager
def atomic() -> Iterator[None]:
    """A transaction for a service, as a context manager or as a decorator (`@atomic()`).

    Directly inside `joinable_atomic` it joins that transaction without a savepoint: an error
    then rolls back the whole of it, even when someone catches it on the way. Anywhere else it is
    plain `transaction.atomic()`, nested with a savepoint.
    """
    depth = _joinable_depth.get()
    joins = depth is not None and len(connection.atomic_blocks) == depth
    with transaction.atomic(savepoint=not joins):
        yield


@contextmanager
def joinable_atomic() -> Iterator[None]:
    """A transaction that `atomic()` directly inside of it joins instead of nesting."""
    with transaction.atomic():
        token = _joinable_depth.set(len(connection.atomic_blocks))
        try:
            yield
        finally:
            _joinable_depth.reset(token)


@contextmanager
def planned_each_time() -> Iterator[None]:
    """Statements in here are planned with their values each time they run. For searches whose best
    plan depends on the values (a reach of ten contacts or of all, a rare status or a common one),
    where one kept plan for all values would be a bad one for some. Costs a millisecond or so.
    """
    connection.ensure_connection()
    raw = connection.connection
    threshold, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        yield
    finally:
        raw.prepare_threshold = threshold


@contextmanager
def one_statement() -> Iterator[None]:
    """Around a statement that is a transaction of its own, at no cost; in a transaction of others a
    savepoint, so that its failing ends nothing but itself.
    """
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        yield


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that was violated. The error's text is no place to look for it:
    it repeats the values of the row.
    """
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
