"""What the apps above tell about the use of items (S6)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from config.common.registry import Registry


@dataclass(frozen=True, slots=True)
class ItemUse:
    """How many objects of one kind hold an item; `count` None: more than could be counted in the
    time given.
    """

    name: str | Promise
    count: int | None


@dataclass(frozen=True, slots=True)
class ItemUseCounter:
    """How one kind of object counts: from a list's key and an item's key."""

    name: str | Promise
    count: Callable[[str, str], int]


ITEM_USES: Registry[ItemUseCounter] = Registry()
"""Asked when staff are about to deactivate an item. Counting may read every document: it runs
under a time limit, and nothing decides by it.
"""
