"""Lists and items that the tests of lists share."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from config.common.actors import SYSTEM, Actor
from lists.models import List, ListItem
from lists.services import ListItemValues, list_create, list_item_create
from tests.factories.api import Api
from tests.factories.contacts import make_app
from tests.factories.tokens import bearer

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


@pytest.fixture
def member(db: None):
    return get_user_model().objects.create_user("petra", is_staff=True)


@pytest.fixture
def actor(member) -> Actor:
    return Actor(member_id=member.pk)


@pytest.fixture
def api(db: None) -> Api:
    return Api(bearer(app=make_app()))


@pytest.fixture
def cantons(colours, make_item) -> List:
    """Items of `colours`, in an order of their own."""
    labels = ["Zürich", "Bern", "Neuenburg", "Genf", "Freiburg", "Uri", "St. Gallen"]
    for position, label in enumerate(labels):
        make_item(colours, f"C{position}", labels={"en": label, "fr": f"Le {label}"})
    return colours


@pytest.fixture
def staff(client: Client) -> Client:
    member = get_user_model().objects.create_user("petra", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(content_type__app_label="lists"))
    client.force_login(member)
    return client
