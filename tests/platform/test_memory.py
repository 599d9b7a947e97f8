"""What a web process has loaded is not walked over again in the middle of a request."""

import gc
from collections.abc import Iterator

import pytest

from config.common.memory import keep_loaded

# A process with Django and nothing of ours has about half of it.
ALL_OF_IT = 100_000


@pytest.fixture
def collected_again() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("collected_again")
def test_what_is_loaded_is_left_out_of_collections() -> None:
    keep_loaded()

    assert gc.get_freeze_count() > ALL_OF_IT
    assert len(gc.get_objects()) < gc.get_freeze_count() // 10


@pytest.mark.usefixtures("collected_again")
def test_what_comes_later_is_collected() -> None:
    class Node:
        other: "Node"

    keep_loaded()
    node = Node()
    node.other = node
    del node

    assert gc.collect() > 0
