"""Throttling of the token endpoint, whose password hashes make it a CPU amplifier.

Counters live in the process: several processes let through that many times the rate, which still
bounds the cost, and nothing shared can be down.
"""

import threading
import time
from collections import Counter

WINDOW_SECONDS = 60
MAX_IDENTITIES = 50_000


class Throttle:
    """Counts requests per identity in fixed windows of a minute. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._counts: Counter[str] = Counter()

    def hit(self, identity: str, limit: int) -> int:
        """Count one request of `identity`.

        Returns 0 within `limit` requests a minute, else the seconds until the next window.
        """
        now = time.time()
        window = int(now // WINDOW_SECONDS)
        with self._lock:
            # So many identities are an attack by itself; starting over keeps memory bounded.
            if window != self._window or len(self._counts) >= MAX_IDENTITIES:
                self._window = window
                self._counts.clear()
            self._counts[identity] += 1
            is_within = self._counts[identity] <= limit
        return 0 if is_within else max(1, round((window + 1) * WINDOW_SECONDS - now))

    def reset(self) -> None:
        """Forget all counts."""
        with self._lock:
            self._counts.clear()
