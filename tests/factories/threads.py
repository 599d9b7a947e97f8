"""Calls that start at the same instant, each on a connection of its own."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import TracebackType
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")
# Only for a call that never ends: a machine may be stopped for minutes while others measure.
TIMEOUT_SECONDS = 600
_WAITERS = """
SELECT count(*) FROM pg_locks
WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


class Racers:
    """Threads that keep their connections from round to round, as web workers do."""

    def __init__(self, count: int) -> None:
        self._barrier = Barrier(count)
        self._pool = ThreadPoolExecutor(count)
        self._count = count

    def __enter__(self) -> "Racers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Every thread closes its own connection: the barrier gives each of them one call.
        try:
            self.run([_close] * self._count)
        finally:
            self._pool.shutdown()

    def run(
        self, calls: Sequence[Callable[[], Result]], delays: Sequence[float] | None = None
    ) -> list[Result]:
        """The results in order; as many calls as there are threads. Raises what a call raised.

        `delays` are the seconds by which each of them starts later.
        """

        def start(call: Callable[[], Result], delay: float) -> Result:
            self._barrier.wait(TIMEOUT_SECONDS)
            time.sleep(delay)
            return call()

        futures = [
            self._pool.submit(start, call, delay)
            for call, delay in zip(calls, delays or [0.0] * self._count, strict=True)
        ]
        return [future.result(TIMEOUT_SECONDS) for future in futures]


def wait_for_waiter() -> None:
    """Until some connection waits for a lock that this one holds."""
    until = time.monotonic() + TIMEOUT_SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(_WAITERS)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise TimeoutError("Nobody waits.")


class Handicap:
    """Delays for two racers that make both of them win some rounds, on any machine.

    The one that won starts later in the next round: by a millisecond, or twice as much as before
    if it won that one too. So most rounds are close ones.
    """

    _STEP_SECONDS = 0.001

    def __init__(self) -> None:
        self._lead = 0.0
        self._step = 0.0

    @property
    def delays(self) -> tuple[float, float]:
        return (max(self._lead, 0.0), max(-self._lead, 0.0))

    def won(self, *, first: bool) -> None:
        direction = 1 if first else -1
        went_on = self._step * direction > 0
        self._step = self._step * 2 if went_on else self._STEP_SECONDS * direction
        self._lead += self._step


def _close() -> None:
    """`connection` is each thread's own only when it is looked up there."""
    connection.close()
