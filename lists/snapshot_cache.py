"""Snapshots of lists kept in the process, told apart by the list's revision."""

from collections import OrderedDict
from threading import Lock

from lists.snapshots import ListSnapshot

# About 60 MB with labels of usual length in three languages; a single larger list is still kept,
# alone.
MAX_CACHED_ITEMS = 100_000


class SnapshotCache:
    """The last snapshot of each list, least recently used lists dropped first. Thread-safe.

    A revision never names two contents, so that an entry is right for as long as the database
    still says its revision; nothing has to be told to other processes.
    """

    def __init__(self, max_items: int = MAX_CACHED_ITEMS) -> None:
        self._max_items = max_items
        self._lock = Lock()
        self._snapshots: OrderedDict[int, ListSnapshot] = OrderedDict()
        self._item_count = 0

    def get(self, list_id: int, revision: int) -> ListSnapshot | None:
        """The snapshot of the list at exactly this revision, if it is held."""
        with self._lock:
            snapshot = self._snapshots.get(list_id)
            if snapshot is None or snapshot.revision != revision:
                return None
            self._snapshots.move_to_end(list_id)
            return snapshot

    def put(self, list_id: int, snapshot: ListSnapshot) -> None:
        """Hold `snapshot` in the place of what was held for the list."""
        with self._lock:
            replaced = self._snapshots.pop(list_id, None)
            self._snapshots[list_id] = snapshot
            self._item_count += _weight(snapshot) - (_weight(replaced) if replaced else 0)
            while self._item_count > self._max_items and len(self._snapshots) > 1:
                _, dropped = self._snapshots.popitem(last=False)
                self._item_count -= _weight(dropped)


def _weight(snapshot: ListSnapshot) -> int:
    """Items, and one for the list itself, so that empty lists are bounded too."""
    return len(snapshot.items) + 1
