"""Calls that start at the same instant, each on a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import TracebackType
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")
TIMEOUT_SECONDS = 20


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

    def run(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results in order; as many calls as there are threads. Raises what a call raised."""

        def start(call: Callable[[], Result]) -> Result:
            self._barrier.wait(TIMEOUT_SECONDS)
            return call()

        futures = [self._pool.submit(start, call) for call in calls]
        return [future.result(TIMEOUT_SECONDS) for future in futures]


def _close() -> None:
    """`connection` is each thread's own only when it is looked up there."""
    connection.close()
