"""What was made from a list at one revision, kept in the process."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class WeightedCache(Generic[Value]):
    """Values by keys that hold a revision, so that they are right for ever; the least recently
    used go first when the weights sum to more than `max_weight`. Thread-safe.
    """

    def __init__(self, max_weight: int) -> None:
        self._max_weight = max_weight
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, tuple[int, Value]] = OrderedDict()
        self._weight = 0

    def get(self, key: Hashable) -> Value | None:
        """The value, if it is held."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def put(self, key: Hashable, value: Value, weight: int) -> None:
        """Hold `value`; one that is heavier than the cache is not held at all."""
        with self._lock:
            replaced = self._entries.pop(key, None)
            self._weight -= replaced[0] if replaced else 0
            if weight > self._max_weight:
                return
            self._entries[key] = (weight, value)
            self._weight += weight
            while self._weight > self._max_weight:
                _, (dropped, _value) = self._entries.popitem(last=False)
                self._weight -= dropped
