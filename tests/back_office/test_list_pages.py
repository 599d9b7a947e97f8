"""Lists speak the reader's language, where the theme would name models in English."""

import pytest

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
