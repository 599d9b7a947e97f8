"""Typed registries: how a lower layer lets the layers above it take part without knowing them.

Each registry is filled in `AppConfig.ready()` and only read afterwards.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Entries in the order in which they were registered."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def register(self, entry: Entry) -> None:
        self._entries.append(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)


class Slot(Generic[Entry]):
    """Exactly one entry, which some app provides."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._entry: Entry | None = None

    def provide(self, entry: Entry) -> None:
        self._entry = entry

    def get(self) -> Entry:
        """The entry. Raises LookupError when no app has provided it."""
        if self._entry is None:
            raise LookupError(f"Nothing provides {self._name}.")
        return self._entry
