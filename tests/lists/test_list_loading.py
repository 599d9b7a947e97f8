"""Reference data and the demo's lists."""

import json
from pathlib import Path

import pytest

from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from lists.demo_data import demo_lists
from lists.models import List, ListItem, ListSource
from lists.reference_data import reference_lists
from lists.selectors import item_label, list_snapshots
from lists.services import (
    ListItemValues,
    ListLoadResult,
    demo_lists_load,
    list_create,
    list_item_create,
    list_item_deactivate,
    list_item_update,
    reference_lists_refresh,
)
from lists.validators import validate_item_key, validate_labels, validate_list_key
from tests.factories.lists import list_revisions

DEFINITIONS = reference_lists() + demo_lists()
REFERENCE_SIZES = {"countries": 249, "states": 5046, "languages": 184, "currencies": 178}


LABELS = {
    ("countries", "CH"): ("Switzerland", "Schweiz", "Suisse"),
    ("countries", "AX"): ("Åland Islands", "Ålandinseln", "Îles Åland"),
    ("states", "US-CA"): ("California", "Kalifornien", "Californie"),
    ("states", "US-GA"): ("Georgia", "Georgia", "Géorgie"),
    ("states", "CH-GE"): ("Genève", "Genf", "Genève"),
    ("states", "CH-BE"): ("Bern", "Bern", "Berne"),
    ("languages", "FR"): ("French", "Französisch", "Français"),
    ("currencies", "CHF"): ("Swiss Franc", "Schweizer Franken", "Franc suisse"),
    ("currencies", "XAD"): ("Arab Accounting Dinar",) * 3,
    ("salutations", "MS"): ("Ms", "Frau", "Madame"),
}


def label(list_key: str, item_key: str, language: str) -> str:
    return item_label(list_snapshots([list_key])[list_key], item_key, language)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.key)
def test_d12_everything_that_is_shipped_fits_the_rules_in_all_languages(definition):
    validate_list_key(definition.key)
    assert set(definition.labels) == {"en", "de", "fr"}
    assert len({item.key for item in definition.items}) == len(definition.items)
    for item in definition.items:
        validate_item_key(item.key)
        validate_labels(item.labels)
        assert set(item.labels) == {"en", "de", "fr"}


def test_reference_lists_follow_the_standards():
    sizes = {definition.key: len(definition.items) for definition in reference_lists()}

    # A library update may add entries; codes of a standard hardly ever go.
    assert sizes.keys() == REFERENCE_SIZES.keys()
    assert all(sizes[key] >= size - 25 for key, size in REFERENCE_SIZES.items())


def test_the_demo_schema_finds_its_lists():
    schema = Path(__file__).parents[2] / "crmschema" / "demo" / "contact.json"
    named = set(_list_keys(json.loads(schema.read_text(encoding="utf-8"))))

    assert named - {definition.key for definition in DEFINITIONS} == set()


def _list_keys(node):
    if isinstance(node, dict):
        if isinstance(node.get("listKey"), str):
            yield node["listKey"]
        for child in node.values():
            yield from _list_keys(child)
    elif isinstance(node, list):
        for child in node:
            yield from _list_keys(child)


@pytest.mark.django_db
def test_loading_the_demo_lists_fills_all_of_them():
    results = demo_lists_load(actor=SYSTEM)

    assert [(result.list_key, result.created, result.updated) for result in results] == [
        (definition.key, len(definition.items), 0) for definition in DEFINITIONS
    ]
    assert ListItem.objects.count() == sum(result.created for result in results)
    assert set(
        List.objects.filter(source=ListSource.REFERENCE).values_list("key", flat=True)
    ) == set(REFERENCE_SIZES)
    assert AuditEvent.objects.filter(operation="list_load").count() == len(DEFINITIONS)


@pytest.mark.django_db
def test_labels_come_in_all_languages():
    demo_lists_load(actor=SYSTEM)

    found = {
        (list_key, item_key): tuple(
            label(list_key, item_key, language) for language in ("en", "de", "fr")
        )
        for list_key, item_key in LABELS
    }
    assert found == LABELS


@pytest.mark.django_db
def test_states_hang_below_their_country_and_lists_are_in_order():
    reference_lists_refresh(actor=SYSTEM)

    snapshots = list_snapshots(["countries", "states"])
    states = snapshots["states"].items
    assert states["US-CA"].parent_key == "US"
    assert {state.parent_key for state in states.values()} <= set(snapshots["countries"].items)
    assert all(key.startswith(f"{state.parent_key}-") for key, state in states.items())
    assert list(snapshots["countries"].items)[:4] == ["AF", "AX", "AL", "DZ"]
    assert [key for key in states if key.startswith("AT-")][0:2] == ["AT-1", "AT-2"]


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    demo_lists_load(actor=SYSTEM)
    keys = [definition.key for definition in DEFINITIONS]
    before = list_revisions(keys), AuditEvent.objects.count()
    uids = dict(ListItem.objects.values_list("id", "uid"))

    results = demo_lists_load(actor=SYSTEM)

    assert results == [ListLoadResult(key, 0, 0) for key in keys]
    assert (list_revisions(keys), AuditEvent.objects.count()) == before
    assert dict(ListItem.objects.values_list("id", "uid")) == uids


@pytest.mark.django_db
def test_a_refresh_keeps_what_is_the_firms_own():
    reference_lists_refresh(actor=SYSTEM)
    countries = List.objects.get(key="countries")
    own = list_item_create(
        actor=SYSTEM,
        list_id=countries.pk,
        key="XK",
        values=ListItemValues(labels={"en": "Kosovo"}),
    )
    swiss = ListItem.objects.get(list=countries, key="CH")
    list_item_update(
        actor=SYSTEM,
        item_id=swiss.pk,
        values=ListItemValues(
            labels={"en": "Helvetia", "it": "Svizzera"},
            custom_attributes={"risk": "low"},
            position=0,
        ),
    )
    list_item_deactivate(actor=SYSTEM, item_id=swiss.pk)
    # What the standard said last time, as if it had changed since.
    ListItem.objects.filter(pk=swiss.pk).update(
        standard_labels={"en": "Swiss Confederation", "de": "Schweiz"}
    )

    results = reference_lists_refresh(actor=SYSTEM)

    assert results[0] == ListLoadResult("countries", 0, 1, ("CH",))
    assert [(result.created, result.updated) for result in results[1:]] == [(0, 0)] * 3
    own.refresh_from_db()
    assert own.labels == {"en": "Kosovo"}
    refreshed = ListItem.objects.get(list=countries, key="CH")
    assert (refreshed.pk, refreshed.uid) == (swiss.pk, swiss.uid)
    # English is the firm's own; German and French were dropped, French by the standard's own slip.
    assert refreshed.labels == {"en": "Helvetia", "it": "Svizzera", "fr": "Suisse"}
    assert refreshed.custom_attributes == {"risk": "low"}
    assert (refreshed.position, refreshed.is_active) == (0, False)


@pytest.mark.django_db
def test_a_refresh_restores_the_parent_and_missing_items():
    reference_lists_refresh(actor=SYSTEM)
    ListItem.objects.filter(key="US-CA").update(parent=None)
    ListItem.objects.filter(key="US-TX").delete()
    before = list_revisions(["countries", "states"])

    results = reference_lists_refresh(actor=SYSTEM)

    assert results[1] == ListLoadResult("states", 1, 1, ("US-TX", "US-CA"))
    states = list_snapshots(["states"])["states"].items
    assert states["US-CA"].parent_key == "US"
    assert states["US-TX"].parent_key == "US"
    after = list_revisions(["countries", "states"])
    assert after["countries"] == before["countries"]
    assert after["states"] > before["states"]


@pytest.mark.django_db
def test_demo_items_stay_as_staff_edited_them():
    own = list_create(actor=SYSTEM, key="genders", labels={"en": "Own genders"})
    list_item_create(
        actor=SYSTEM,
        list_id=own.pk,
        key="MALE",
        values=ListItemValues(labels={"en": "Man"}),
    )

    demo_lists_load(actor=SYSTEM)

    genders = List.objects.get(key="genders")
    assert genders.labels == {"en": "Own genders"}
    assert set(genders.items.values_list("key", flat=True)) == {"MALE", "FEMALE", "DIVERSE"}
    assert genders.items.get(key="MALE").labels == {"en": "Man"}
