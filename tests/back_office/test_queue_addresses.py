"""What the address of the queue asks for: views, and filters that it knows or does not."""

import pytest
from django.test import Client

from changerequests.models import ChangeRequest
from tests.back_office.queue_steps import KING, QUEUE, asked
from tests.factories.submissions import decide, hold

Status = ChangeRequest.Status


def said(client: Client, query: dict[str, str], language: str = "en") -> list[str]:
    page = client.get(QUEUE, query, headers={"accept-language": language})
    assert page.status_code == 200
    return [str(each) for each in page.context["messages"]]


def not_applied(title: str) -> str:
    return f"The address names no known value of the filter “{title}”, so it is not applied."


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({"status": "6"}, "Status"),
        ({"status": "x\x00"}, "Status"),
        ({"status": "01"}, "Status"),
        ({"view": "other"}, "Whose turn"),
        ({"age": "--1"}, "Age"),
        ({"age": "10001"}, "Age"),
        ({"initiator": "anna"}, "Requested by"),
        ({"initiator": "99999999999"}, "Requested by"),
    ],
)
def test_q4_a_filter_that_is_not_applied_is_said_not_to_be(world, petra, query, title):
    request = asked(world)

    page = petra.get(QUEUE, query)

    assert [str(each) for each in page.context["messages"]] == [not_applied(title)]
    assert [row.pk for row in page.context["cl"].result_list] == [request.pk]


def test_q4_each_wrong_filter_is_said_and_in_the_readers_language(world, petra):
    asked(world)

    assert len(said(petra, {"status": "6", "age": "x", "path": "no.such"})) == 2
    assert said(petra, {"status": "6"}, "de") == [
        "Die Adresse nennt keinen bekannten Wert des Filters «Status»; danach wird nicht gefiltert."
    ]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"status": ""},
        {"status": "5", "age": "-30", "view": "mine", "path": "person", "initiator": "1"},
        {"age": "12"},
    ],
)
def test_q4_what_the_filters_know_is_not_remarked_upon(world, petra, query):
    assert said(petra, query) == []


def test_q4_a_filter_that_offers_nothing_narrows_all_the_same(world, petra):
    """Nobody has a request pending, so that nobody is offered."""
    of_anna = decide(world.actor(world.petra), asked(world))
    contact = world.contact(adviser=world.ben)
    of_ben = decide(world.actor(world.petra), hold(world.actor(world.ben), contact, KING))

    everyone = petra.get(QUEUE)
    one = petra.get(QUEUE, {"initiator": str(world.ben.pk)})
    nobody = petra.get(QUEUE, {"initiator": str(world.carl.pk)})

    assert [row.pk for row in everyone.context["cl"].result_list] == [of_ben.pk, of_anna.pk]
    assert "Requested by" not in {spec.title for spec in everyone.context["cl"].filter_specs}
    assert [row.pk for row in one.context["cl"].result_list] == [of_ben.pk]
    assert one.context["cl"].filter_specs[3].lookup_choices == [(str(world.ben.pk), "ben")]
    assert list(nobody.context["cl"].result_list) == []


def test_a2_whom_the_address_names_is_not_named_beyond_reach(world, sign_in):
    asked(world)

    page = sign_in(world.carl).get(QUEUE, {"initiator": str(world.anna.pk)})

    assert page.context["cl"].filter_specs[3].lookup_choices == []
    assert list(page.context["cl"].result_list) == []


def test_the_navigation_opens_what_the_badge_counts(world, petra, anna):
    asked(world)

    def item(client):
        return client.get("/admin/").context["sidebar_navigation"][2]["items"][0]

    assert (item(petra)["link"], item(petra)["badge"]) == (f"{QUEUE}?view=decide", "1")
    assert (item(anna)["link"], item(anna).get("badge")) == (QUEUE, None)
    queue = petra.get(QUEUE, {"status": "2"}).context["sidebar_navigation"][2]["items"][0]
    assert queue["active"]


def test_q4_the_address_cannot_ask_for_a_count_of_every_choice(world, petra):
    asked(world)

    page = petra.get(QUEUE, {"_facets": "1"})

    assert page.context["cl"].add_facets is False
    assert "_facets" not in petra.get(QUEUE).content.decode()
