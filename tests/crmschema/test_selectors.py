"""The one place that hands out compiled schemas (S5, S6)."""

import pytest
from pytest_django import DjangoAssertNumQueries

from config.common.actors import SYSTEM
from config.common.exceptions import NotFound
from crmschema.selectors import compiled, list_keys, schemas
from crmschema.services import schema_create, schema_save
from lists.models import ListItem
from lists.services import ListItemValues, list_item_create, list_item_deactivate
from tests.factories.contacts import make_list
from tests.factories.schemas import component, form, grid, select

pytestmark = pytest.mark.django_db

TEXT = form(component("textfield", "text"), select("colour", "colours"))


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "_cache", schemas._Cache())
    make_list("colours", {"RED": "Red"})
    schema_create(actor=SYSTEM, key="k", schema=TEXT)


def test_a_schema_is_compiled_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = compiled("k")

    with django_assert_num_queries(1):
        assert compiled("k") is first
    assert (first.key, first.token) == ("k", 1)


def test_s5_a_saved_schema_counts_at_once() -> None:
    compiled("k")

    schema_save(actor=SYSTEM, key="k", schema=form(component("number", "n")), concurrency_token=1)

    assert list(compiled("k").by_path) == ["n"]
    assert compiled("k").token == 2


def test_s6_an_edit_of_a_list_counts_at_once() -> None:
    red = ListItem.objects.get(key="RED")
    assert compiled("k").lists["colours"].items["RED"].is_active

    list_item_deactivate(actor=SYSTEM, item_id=red.pk)
    values = ListItemValues(labels={"en": "Blue"})
    list_item_create(actor=SYSTEM, list_id=red.list_id, key="BLUE", values=values)

    items = compiled("k").lists["colours"].items
    assert [(item.key, item.is_active) for item in items.values()] == [
        ("RED", False),
        ("BLUE", True),
    ]


def test_an_unknown_schema_is_not_found() -> None:
    with pytest.raises(NotFound):
        compiled("none")


def test_the_cache_keeps_the_latest_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "_KEPT_VERSIONS", 2)
    first = compiled("k")
    for token in (1, 2):
        schema_save(
            actor=SYSTEM, key="k", schema=form(component("number", "n")), concurrency_token=token
        )
        compiled("k")

    state = schemas.SchemaState("k", 1, 0, 0)
    assert schemas.compiled_at(state).by_path == first.by_path
    assert len(schemas._cache._compiled) == 2


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (TEXT, {"colours"}),
        (form(grid("g", select("a", "x"), select("b", "y"))), {"x", "y"}),
        (form(component("textfield", "a", crm={"listKey": 5})), set()),
        (form(component("textfield", "a", crm="x")), set()),
        ("{", set()),
        ("[" * 100_000, set()),
    ],
)
def test_the_lists_that_a_schema_names(text: str, keys: set[str]) -> None:
    assert list_keys(text) == keys
