"""Lists speak the reader's language, where the theme would name models in English."""

import re

import pytest

from config.common.actors import SYSTEM
from crmschema.models import CrmSchema
from lists.services import ListItemValues, list_create, list_item_create
from tests.factories.fixtures import World
from tests.factories.submissions import hold

QUEUE = "/admin/changerequests/changerequest/"


def asked(world: World, count: int) -> None:
    for _ in range(count):
        hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, ["1 entry", "Whose turn", "Select all rows"]),
        ("de", 1, ["1 Eintrag", "Wer ist dran", "Alle Zeilen auswählen", "Ausführen"]),
        ("de", 26, ["26 Einträge", "Alle 26 Änderungsanträge auswählen"]),
        ("fr", 26, ["26 entrées", "Sélectionner toutes les lignes", "Exécuter"]),
    ],
)
def test_a_list_is_in_one_language(world, petra, language, count, expected):
    asked(world, count)

    text = petra.get(QUEUE, headers={"accept-language": language}).text

    for each in expected:
        assert each in text
    if language != "en":
        for english in ("change request", "Select ", "By ", "Nach Wer", ">Run<"):
            assert english not in text


def test_the_title_of_a_request_is_in_the_readers_language(world, petra):
    request = hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})

    page = petra.get(f"{QUEUE}{request.pk}/change/", headers={"accept-language": "de"})

    assert page.text.count(f"Änderungsantrag {request.pk}") >= 2
    assert f"hange request {request.pk}" not in page.text


def test_what_waits_for_the_reader_has_no_columns_that_are_all_alike(world, petra):
    asked(world, 1)

    work, everything = (petra.get(QUEUE, {"view": view}).text for view in ("decide", ""))

    assert ("Decided by" in work, "Decided by" in everything) == (False, True)
    assert "Who may decide" in work


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"view": "decide"}, "Nothing waits for your decision."),
        ({"view": "mine"}, "You have asked for nothing."),
        ({"view": "decide", "status": "3"}, "Nothing matches what you asked for."),
        ({"view": "decide", "q": "x"}, "Nothing matches what you asked for."),
        ({"view": "other"}, "No results found"),
        ({}, "There is nothing to show here."),
    ],
)
def test_an_empty_list_says_what_that_means(world, petra, query, expected):
    assert expected in petra.get(QUEUE, query).text


def test_q3_a_page_leaves_its_language_to_no_later_request(world, petra):
    api, search = world.api(), "/v1.0/contacts/change-requests/search"
    before = api.post(search, {"page": None})

    assert "Demandes" in petra.get(QUEUE, headers={"accept-language": "fr"}).text
    after = api.post(search, {"page": None})

    messages = [each.json()["properties"]["errors"][0]["message"] for each in (before, after)]
    assert messages == ["This field may not be null."] * 2


@pytest.mark.parametrize(
    ("address", "columns"),
    [
        (
            "/admin/lists/list/",
            ["Bezeichnung", "Schlüssel", "Herkunft", "Aktive Einträge", "Einträge", "Revision"],
        ),
        (
            "/admin/lists/listitem/",
            [
                "Bezeichnung",
                "Schlüssel",
                "Liste",
                "Übergeordneter Eintrag",
                "Position",
                "Aktiv",
            ],
        ),
        ("/admin/crmschema/crmschema/", ["Schlüssel", "Version", "Zuletzt gespeichert"]),
    ],
)
def test_columns_are_named_in_the_readers_language(world, admin, sign_in, address, columns):
    hues = list_create(actor=SYSTEM, key="hues", labels={"en": "Hues"})
    values = ListItemValues(labels={"en": "Red"})
    list_item_create(actor=SYSTEM, list_id=hues.pk, key="RED", values=values)

    page = sign_in(admin).get(address, headers={"accept-language": "de"}).text

    # On a narrow window each cell stands beside the name of its column.
    row = page.partition("<tbody")[2].partition("</tr>")[0]
    assert re.findall('data-label="([^"]*)"', row) == columns


def test_a_list_of_values_leads_to_its_items(world, admin, sign_in):
    hues = list_create(actor=SYSTEM, key="hues", labels={"en": "Hues"})

    page = sign_in(admin).get("/admin/lists/list/").text

    assert f'<a href="/admin/lists/list/{hues.pk}/items/"' in page
    assert f"/admin/lists/list/{hues.pk}/change/" not in page


def test_a_schema_is_shown_in_the_readers_language(world, admin, sign_in):
    schema = CrmSchema.objects.get()

    page = sign_in(admin).get(
        f"/admin/crmschema/crmschema/{schema.pk}/change/", headers={"accept-language": "de"}
    )

    for german in ("Schlüssel", "Version", "Quelltext"):
        assert german in page.text
    for english in ("CRM schema ansehen", "oncurrency token", "reated at", "Member"):
        assert english not in page.text
