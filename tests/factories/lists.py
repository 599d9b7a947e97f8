"""The demo's lists with fewer states, and what tests look up about lists."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache

from config.common.actors import SYSTEM
from lists.definitions import ListDefinition
from lists.demo_data import demo_lists
from lists.models import List
from lists.reference_data import reference_lists
from lists.services import lists_load

# Five thousand states would be nine items of ten, and nearly all the time that loading takes.
COUNTRIES_WITH_STATES = {"CH", "DE", "FR", "US"}


def load_demo_lists() -> None:
    """What `demo_lists_load` loads, but states of a few countries only."""
    lists_load(actor=SYSTEM, definitions=_definitions())


@cache
def _definitions() -> list[ListDefinition]:
    return [
        replace(
            definition,
            items=tuple(
                item
                for item in definition.items
                if item.parent_key is None or item.parent_key in COUNTRIES_WITH_STATES
            ),
        )
        for definition in reference_lists() + demo_lists()
    ]


def list_revisions(keys: Collection[str]) -> dict[str, int]:
    """The stored revision of each list named."""
    return dict(List.objects.filter(key__in=keys).values_list("key", "revision"))
