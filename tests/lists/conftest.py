"""Lists and items that the tests of lists share."""

from collections.abc import Callable

import pytest

from config.common.actors import SYSTEM
from lists.models import List, ListItem
from lists.services import ListItemValues, list_create, list_item_create

MakeItem = Callable[..., ListItem]


@pytest.fixture
def colours(db: None) -> List:
    return list_create(actor=SYSTEM, key="colours", labels={"en": "Colours"})


@pytest.fixture
def shades(db: None) -> List:
    return list_create(actor=SYSTEM, key="shades", labels={"en": "Shades"})


@pytest.fixture
def make_item() -> MakeItem:
    def make(target: List, key: str, **values: object) -> ListItem:
        values.setdefault("labels", {"en": key.title()})
        return list_item_create(
            actor=SYSTEM, list_id=target.pk, key=key, values=ListItemValues(**values)
        )

    return make
