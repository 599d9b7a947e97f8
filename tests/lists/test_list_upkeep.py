"""The command, the migrations that fill tables, and the cache of what lists give."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from lists.models import List, ListItem, ListItemLabel
from lists.weighted_cache import WeightedCache

pytestmark = pytest.mark.django_db


def migration(name: str):
    return import_module(f"lists.migrations.{name}")


def labels() -> list[tuple[object, ...]]:
    rows = ListItemLabel.objects.order_by("key", "language")
    return list(
        rows.values_list("key", "language", "folded", "list", "parent", "position", "is_active")
    )


def test_the_command_refreshes_and_tells_what_changed():
    first, second = StringIO(), StringIO()

    call_command("refresh_lists", stdout=first)
    call_command("refresh_lists", stdout=second)

    lines = first.getvalue().splitlines()
    assert lines[:2] == ["countries: 249 added, 0 changed", "    AF"]
    assert lines[-1] == f"{ListItem.objects.count()} items can be looked up"
    assert second.getvalue().splitlines() == [
        "countries: 0 added, 0 changed",
        "states: 0 added, 0 changed",
        "languages: 0 added, 0 changed",
        "currencies: 0 added, 0 changed",
        lines[-1],
    ]


def test_the_migration_folds_as_the_services_do(colours, make_item):
    red = make_item(colours, "RED", labels={"en": "Réd ＡＢ ß İ", "de": "Rot"})  # noqa: RUF001
    make_item(colours, "PINK", parent_id=red.pk, position=4)
    ListItem.objects.create(list=colours, key="BARE", labels={"it": "Nudo"}, is_active=False)
    before = labels()
    ListItemLabel.objects.all().delete()

    migration("0003_fill_lookup_labels").fill(apps, None)
    migration("0003_fill_lookup_labels").fill(apps, None)

    bare = [row for row in labels() if row[0] == "BARE"]
    assert [row for row in labels() if row[0] != "BARE"] == before
    assert {(row[2], row[6]) for row in bare} == {("bare", False)}
    assert len(bare) == 3


def test_the_migration_takes_what_reference_lists_hold_for_the_standard(colours, make_item):
    own = make_item(colours, "RED")
    countries = List.objects.create(key="countries", labels={"en": "C"}, source="reference")
    swiss = ListItem.objects.create(list=countries, key="CH", labels={"en": "Switzerland"})

    migration("0005_standard_labels_of_reference_lists").fill(apps, None)

    swiss.refresh_from_db()
    own.refresh_from_db()
    assert swiss.standard_labels == {"en": "Switzerland"}
    assert own.standard_labels is None


def test_the_least_recently_used_goes_first():
    cache: WeightedCache[str] = WeightedCache(10)
    cache.put("a", "A", 4)
    cache.put("b", "B", 4)
    assert cache.get("a") == "A"

    cache.put("c", "C", 4)

    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]


def test_what_is_put_again_replaces_and_what_is_too_heavy_is_not_kept():
    cache: WeightedCache[str] = WeightedCache(10)
    cache.put("a", "A", 9)
    cache.put("a", "AA", 5)
    cache.put("b", "B", 5)
    assert (cache.get("a"), cache.get("b")) == ("AA", "B")

    cache.put("a", "AAA", 11)

    assert (cache.get("a"), cache.get("b")) == (None, "B")
