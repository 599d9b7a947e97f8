"""The cache of list snapshots."""

from concurrent.futures import ThreadPoolExecutor

from lists.snapshot_cache import SnapshotCache
from lists.snapshots import ItemSnapshot, ListSnapshot


def snapshot(key: str, revision: int, item_count: int) -> ListSnapshot:
    items = {
        f"K{number}": ItemSnapshot(number, f"K{number}", {"en": "Label"}, None, True)
        for number in range(item_count)
    }
    return ListSnapshot(key, revision, items)


def test_s6_a_snapshot_is_found_at_its_revision_only():
    cache = SnapshotCache()
    held = snapshot("a", 5, 1)
    cache.put(1, held)

    assert cache.get(1, 5) is held
    assert cache.get(1, 4) is None
    assert cache.get(1, 6) is None
    assert cache.get(2, 5) is None


def test_a_list_is_held_once():
    cache = SnapshotCache(max_items=10)
    other = snapshot("b", 1, 3)
    cache.put(2, other)

    for revision in range(1, 6):
        cache.put(1, snapshot("a", revision, 4))

    assert cache.get(2, 1) is other
    assert cache.get(1, 4) is None
    assert cache.get(1, 5) is not None


def test_the_least_recently_used_lists_make_room():
    cache = SnapshotCache(max_items=10)
    cache.put(1, snapshot("a", 1, 4))
    cache.put(2, snapshot("b", 1, 4))
    cache.get(1, 1)

    cache.put(3, snapshot("c", 1, 4))

    assert cache.get(1, 1) is not None
    assert cache.get(2, 1) is None
    assert cache.get(3, 1) is not None


def test_a_list_beyond_the_bound_is_held_alone():
    cache = SnapshotCache(max_items=10)
    cache.put(1, snapshot("a", 1, 4))

    cache.put(2, snapshot("b", 1, 50))

    assert cache.get(1, 1) is None
    assert cache.get(2, 1) is not None


def test_threads_leave_the_cache_within_its_bound():
    cache = SnapshotCache(max_items=30)

    def work(number: int) -> None:
        for revision in range(50):
            cache.put(number % 7, snapshot(str(number), revision, 9))
            cache.get(number % 5, revision)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(16)))

    held = [n for n in range(7) if any(cache.get(n, revision) for revision in range(50))]
    assert len(held) == 3
