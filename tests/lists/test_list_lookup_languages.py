"""Lookups in the language asked, over labels that are folded (S6, LO-01)."""

import json

import pytest

from config.common.actors import SYSTEM
from lists.models import ListItem, ListItemLabel
from lists.services import list_labels_rebuild, reference_lists_refresh
from tests.factories.effort import calls_of
from tests.lists.lookups import ITEMS, keys, search


@pytest.mark.parametrize(
    ("language", "found", "label"),
    [("en", [], None), ("fr", ["C1"], "Le Bern"), ("fr-CH", ["C1"], "Le Bern"), ("it", [], None)],
)
def test_s6_labels_are_searched_and_shown_in_the_language_asked(
    api, cantons, language, found, label
):
    answer = search(api, {"filter": "le bern"}, Accept_Language=language)

    assert keys(answer) == found
    assert [item["label"] for item in json.loads(answer.content)["items"]] == (
        [label] if label else []
    )


def test_s6_a_label_that_lacks_falls_back_and_is_found(api, cantons):
    answer = search(api, {"filter": "bern"}, Accept_Language="de")

    assert keys(answer) == ["C1"]
    assert answer.headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    "header",
    [
        "*;q=0",
        ",".join(f"x{number}-yz" for number in range(1_000)),
        "de-CH-1996-x-y;q=0",
        "xx",
        ";;;",
        "d\u00e9",
        "-" * 7_000,
        "a-" * 3_500,
    ],
)
def test_lo01_strange_languages_get_the_default_at_once(api, cantons, header):
    answer = search(api, {"filter": "bern"}, Accept_Language=header)
    lists = api.post(ITEMS, {}, Accept_Language=header)

    assert keys(answer) == ["C1"]
    assert {each.headers["Content-Language"] for each in (answer, lists)} == {"en"}
    plain = calls_of(lambda: api.post(ITEMS, {}, Accept_Language="de"))
    # A hundred ranges are looked at, whatever is sent.
    assert calls_of(lambda: api.post(ITEMS, {}, Accept_Language=header)) < plain + 4_000


def test_lo01_a_long_tag_is_cut_to_its_language(api, cantons):
    answer = search(api, {}, Accept_Language="de-CH-1996-x-y")

    assert answer.headers["Content-Language"] == "de"


# --- Folded labels -----------------------------------------------------------------------------
def test_labels_are_folded_in_every_language(colours, make_item):
    item = make_item(colours, "RED", labels={"en": "Réd", "de-AT": "Rot", "fr": "ＲＯＵＧＥ"})  # noqa: RUF001

    rows = ListItemLabel.objects.filter(item=item).order_by("language")

    assert [(row.language, row.folded) for row in rows] == [
        ("de", "red"),
        ("en", "red"),
        ("fr", "rouge"),
    ]


def test_an_item_without_labels_is_found_by_what_it_shows(api, colours):
    ListItem.objects.create(list=colours, key="RED", labels={"it": "Rosso"})
    list_labels_rebuild()

    assert keys(search(api, {"filter": "red"})) == ["RED"]


def test_a_label_that_grows_when_it_is_folded_is_stored(api, colours, make_item):
    # Each of these becomes eighteen characters by NFKC.
    make_item(colours, "LONG", labels={"en": "\ufdfa" * 27 + "x"})

    assert keys(search(api, {"filter": "\ufdfa"})) == ["LONG"]
    assert keys(search(api, {"filter": "\ufdfa" * 27 + "x"})) == ["LONG"]
    assert keys(search(api, {"filter": "x"})) == ["LONG"]


def test_rebuilding_brings_labels_to_what_items_say(api, cantons, settings):
    ListItemLabel.objects.filter(key="C1").delete()
    ListItemLabel.objects.filter(key="C2").update(folded="wrong", is_active=False, position=99)
    ListItemLabel.objects.filter(key="C3", language="fr").update(language="xx")

    assert list_labels_rebuild() == 7

    assert keys(search(api)) == ["C0", "C1", "C2", "C3", "C4", "C5", "C6"]
    assert ListItemLabel.objects.count() == 21
    assert not ListItemLabel.objects.filter(language="xx").exists()


def test_loaded_lists_are_found(api):
    reference_lists_refresh(actor=SYSTEM)

    assert keys(search(api, {"filter": "schweiz"}, key="countries", Accept_Language="de")) == ["CH"]
    switzerland = ListItem.objects.get(list__key="countries", key="CH")
    body = {"filter": "zu", "isFilteredByHierarchy": True, "hierarchyListItemId": switzerland.pk}
    assert keys(search(api, body, key="states")) == ["CH-ZG", "CH-ZH"]
