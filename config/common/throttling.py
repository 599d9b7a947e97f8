"""Throttling of the token endpoint, whose password hashes make it a CPU amplifier.

Counters live in the process: with several processes a client gets that many times the rate, which
still bounds the cost, and nothing shared can be down.
"""

import time
from collections.abc import Callable

WINDOW_SECONDS = 60


def throttle(
    scope: str, identity: str, limit: int, *, clock: Callable[[], float] = time.time
) -> int:
    """Count one request of `identity` in `scope`.

    Returns 0 while it stays within `limit` requests per minute (a fixed window), else the seconds
    until the next window.
    """
    raise NotImplementedError
