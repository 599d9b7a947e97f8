"""The list that a request was opened from: kept until the reader leaves it."""

from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from changerequests.models import ChangeRequest
from tests.back_office.queue_steps import KING, QUEUE, Status, asked, page_of, review_of, status_of
from tests.back_office.test_problem_pages import BROWSER
from tests.factories.fixtures import World
from tests.factories.submissions import hold

KEPT = "_changelist_filters"
END = "Nothing else of this list waits for your decision."


def of_ben(world: World) -> ChangeRequest:
    return hold(world.actor(world.ben), world.contact(adviser=world.ben), KING)


def opened_from(address: str, query: str) -> str:
    """A page's address, opened from the list with that query."""
    return f"{address}?{urlencode({KEPT: query})}"


def kept_in(address: str) -> str:
    return parse_qs(urlsplit(address).query, keep_blank_values=True)[KEPT][0]


def approve(client: Client, request: ChangeRequest, query: str):
    return client.post(opened_from(review_of(request), query), {"decision": "approve"})


def following(client: Client, request: ChangeRequest, query: str) -> ChangeRequest | None:
    return client.get(opened_from(page_of(request), query)).context["following"]


# --- From the list and back --------------------------------------------------------------------
def test_a_decision_leads_on_within_the_list_and_then_back_to_it(world, petra):
    first, other, last = asked(world), of_ben(world), asked(world)
    query = f"view=decide&initiator={world.anna.pk}"
    listed = petra.get(f"{QUEUE}?{query}").text
    assert f'href="{opened_from(page_of(first), query)}"' in listed

    page = petra.get(opened_from(page_of(first), query))
    assert page.context["following"] == last
    for address in (
        f'action="{opened_from(review_of(first), query)}"',
        f'href="{opened_from(page_of(last), query)}" data-shortcut="n"',
        f'href="{QUEUE}?{query.replace("&", "&amp;")}" data-shortcut="q"',
    ):
        assert address in page.text

    assert approve(petra, first, query).url == opened_from(page_of(last), query)
    end = petra.get(approve(petra, last, query).url)

    assert f"{QUEUE}?{end.request['QUERY_STRING']}" == f"{QUEUE}?{query}"
    assert list(end.context["cl"].result_list) == []
    said = [str(each) for each in end.context["messages"]]
    assert (
        said[-1] == f'{END} <a class="bo-underlined" href="{QUEUE}?view=decide">The whole queue</a>'
    )
    assert said[-1] in end.text
    assert status_of(other) == Status.PENDING


def test_the_page_says_when_nothing_else_of_the_list_waits(world, petra):
    request, _other = asked(world), of_ben(world)
    query = f"view=decide&initiator={world.anna.pk}"

    page = petra.get(opened_from(page_of(request), query))

    assert (page.context["following"], page.context["is_end_of_list"]) == (None, True)
    assert END in page.text
    assert f'href="{QUEUE}?view=decide">The whole queue</a>' in page.text
    assert END not in petra.get(page_of(request)).text


def test_the_last_of_all_needs_no_way_to_the_whole_queue(world, petra):
    request = asked(world)

    assert END not in petra.get(opened_from(page_of(request), "status=1")).text
    end = petra.get(approve(petra, request, "status=1").url)

    assert [str(each) for each in end.context["messages"]] == [
        "Approved: the change of Ada Byron is in effect."
    ]


def test_without_a_list_the_queue_of_the_reader_counts(world, petra, anna):
    request = asked(world)

    assert f'href="{QUEUE}?view=decide" data-shortcut="q"' in petra.get(page_of(request)).text
    assert f'href="{QUEUE}" data-shortcut="q"' in anna.get(page_of(request)).text


def test_a_list_without_filters_is_one_too(world, petra):
    first, second = asked(world), asked(world)

    listed = petra.get(QUEUE).text

    assert f'href="{opened_from(page_of(second), "view=")}"' in listed
    # Latest first, as listed.
    assert following(petra, second, "view=") == first
    assert petra.get(f"{QUEUE}?view=").context["cl"].result_count == 2


def test_the_next_request_follows_the_order_of_the_list(world, petra):
    first, second, third = asked(world), of_ben(world), asked(world)

    # Newest first, by the number; then by who asked, and as they came in from each.
    assert following(petra, third, "view=decide&o=-2") == second
    assert following(petra, first, "view=decide&o=-2") == third
    assert following(petra, first, "view=decide&o=4") == third
    assert following(petra, third, "view=decide&o=4") == second
    assert following(petra, second, "view=decide&o=4") == first
    # Status and reviewer are the same for all that wait.
    assert following(petra, third, "status=1&o=4.-8") == second
    assert following(petra, first, "view=decide") == second


def test_what_is_no_longer_in_the_list_still_has_its_place_in_it(world, petra):
    first, second, third = asked(world), asked(world), asked(world)
    approve(petra, second, "status=1")

    assert following(petra, second, "view=decide") == third
    assert following(petra, second, "status=1") == first


@pytest.mark.parametrize("query", ["status=2", "view=mine", "q=nobody", "age=30", "path=no.such"])
def test_a_list_in_which_nothing_waits_has_no_next_request(world, petra, query):
    request = asked(world)
    asked(world)

    page = petra.get(opened_from(page_of(request), query))

    assert (page.context["following"], page.context["is_end_of_list"]) == (None, True)


def test_searches_are_kept(world, petra):
    one, other = asked(world), asked(world)

    assert following(petra, one, f"q={one.pk}") is None
    assert following(petra, one, "q=anna") == other


# --- Other ways back ---------------------------------------------------------------------------
def test_refused_decisions_and_withdrawals_keep_the_list(world, petra, anna):
    request, query = asked(world), "status=1&o=-2"

    again = petra.post(opened_from(review_of(request), query), {"decision": "reject"})
    assert again.status_code == 400
    assert f'action="{opened_from(review_of(request), query)}"' in again.text
    approve(petra, request, query)
    twice = petra.post(
        opened_from(review_of(request), query), {"decision": "reject", "comment": "x"}
    )
    assert twice.url == opened_from(page_of(request), query)
    own = asked(world)
    cancelled = anna.post(opened_from(f"{QUEUE}{own.pk}/cancel/", "view=mine"))
    assert cancelled.url == opened_from(page_of(own), "view=mine")
    assert status_of(own) == Status.CANCELLED


def test_many_decisions_keep_the_list(world, petra):
    request, query = asked(world), f"view=decide&initiator={world.anna.pk}"
    sent = {"action": "reject_selected", "_selected_action": [request.pk]}
    bulk = opened_from(f"{QUEUE}bulk/", query)
    back = f'href="{QUEUE}?{query.replace("&", "&amp;")}"'

    confirm = petra.post(f"{QUEUE}?{query}", sent).text
    assert f'action="{bulk}"' in confirm
    assert back in confirm
    assert f'href="{opened_from(page_of(request), query)}"' in confirm
    refused = petra.post(bulk, {"decision": "reject", "request": [request.pk]})
    assert (refused.status_code, f'action="{bulk}"' in refused.text) == (400, True)
    result = petra.post(bulk, {"decision": "reject", "request": [request.pk], "comment": "No"}).text
    assert back in result
    assert f'href="{opened_from(page_of(request), query)}"' in result
    assert status_of(request) == Status.REJECTED
    assert petra.post(bulk, {"decision": "approve"}).url == f"{QUEUE}?{query}"


def test_problem_pages_lead_back_to_the_list(world, petra):
    request, query = asked(world), "status=1"
    kept = urlencode({KEPT: query})

    signed_out = petra.get(opened_from(review_of(request), query), headers=BROWSER)
    unknown = petra.get(opened_from(f"{QUEUE}9/change/", query), headers=BROWSER)
    many = petra.get(opened_from(f"{QUEUE}bulk/", query), headers=BROWSER)

    assert (signed_out.status_code, unknown.status_code, many.status_code) == (405, 404, 405)
    assert f'href="../change/?{kept}"' in signed_out.text
    assert f'href="../../?{kept}">Back to the list</a>' in unknown.text
    assert f'href="../?{kept}"' in many.text
    assert petra.get(f"{QUEUE}?{kept}").url == f"{QUEUE}?{query}"
    assert "Back to the list" not in petra.get(f"{QUEUE}9/change/", headers=BROWSER).text


def test_the_title_leads_back_to_the_list_of_other_pages_too(world, sign_in, admin):
    browser, contact = sign_in(admin), world.contact()
    address = f"/admin/contacts/contact/{contact.pk}/change/"

    page = browser.get(opened_from(address, "q=x&p=1")).text

    assert f'href="/admin/contacts/contact/?{urlencode({KEPT: "q=x&p=1"})}"' in page
    assert browser.get(opened_from("/admin/contacts/contact/", "q=x&p=1")).url == (
        "/admin/contacts/contact/?q=x&p=1"
    )


# --- Whatever stands in the address ------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        "",
        "&" * 1_400,
        "status=1&" * 1_000,
        "q=" + "x" * 5_000,
        "view=decide\x00",
        "q=%00",
        "_to_field=initiator__password&_popup=1",
        "initiator__password__startswith=a",
        "password=x&id__in=1",
        "%ff%fe=%ff",
        "https://example.com/",
        "//example.com/?view=decide",
        "\r\nSet-Cookie: a=b",
        '"><script>alert(1)</script>',
        "o=" + "9" * 900 + ".-x.99.--1",
        "p=-1&all=&status=9&view=x&age=--1&initiator=x",
        f"{KEPT}=%3Fview",
    ],
)
def test_q4_a_hostile_list_does_no_harm(world, petra, query):
    request, other = asked(world), asked(world)

    page = petra.get(opened_from(page_of(request), query))

    assert page.status_code == 200
    assert [str(each) for each in page.context["messages"]] == []
    assert page.context["following"] == other
    assert "<script>alert" not in page.text
    address = page.context["list_address"]
    assert urlsplit(address)[:3] == ("", "", QUEUE)
    known = {"status", "view", "age", "initiator", "path", "q", "o", "p", "all"}
    assert set(parse_qs(urlsplit(address).query)) <= known
    assert petra.get(address).status_code in {200, 302}
    assert petra.get(opened_from(QUEUE, query)).url == address
    answer = approve(petra, request, query)
    assert urlsplit(answer.url).path == page_of(other)
    assert status_of(request) == Status.APPROVED


def test_a2_a_list_never_reaches_further_than_its_reader(world, sign_in, petra):
    request, far = asked(world), of_ben(world)
    query = f"initiator={world.ben.pk}&q={far.pk}"
    own = hold(world.actor(world.anna), world.contact(adviser=world.carl), KING)

    assert following(petra, request, query) == far
    page = sign_in(world.carl).get(opened_from(page_of(own), query))
    assert page.context["following"] is None


@pytest.mark.parametrize("page", ["2", "7", "0", "-3", "x"])
def test_a_page_past_the_end_of_a_list_is_its_last(world, petra, page):
    """As after a list has been worked off."""
    request = asked(world)

    answer = petra.get(QUEUE, {"view": "decide", "p": page})

    assert answer.status_code == 200
    assert [row.pk for row in answer.context["cl"].result_list] == [request.pk]


def test_a_late_page_of_a_long_list_stays_within_it(world, petra, monkeypatch):
    monkeypatch.setattr("changerequests.admin.ChangeRequestAdmin.list_per_page", 1)
    first, second = asked(world), asked(world)

    assert [
        row.pk for row in petra.get(QUEUE, {"view": "decide", "p": "9"}).context["cl"].result_list
    ] == [second.pk]
    assert kept_in(opened_from(page_of(first), quote("p=2"))) == "p%3D2"
    approve(petra, first, "view=decide&p=2")
    late = petra.get(QUEUE, {"view": "decide", "p": "2"})
    assert [row.pk for row in late.context["cl"].result_list] == [second.pk]


def test_the_walk_along_a_list_takes_no_statement_of_its_own(world, petra):
    requests = [asked(world) for _ in range(12)]
    query = f"view=decide&initiator={world.anna.pk}&path=person.lastName&q=anna&o=-2"

    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            petra.get(address)
        return len(seen)

    statements(page_of(requests[3]))
    of_the_queue = statements(page_of(requests[3]))

    assert statements(opened_from(page_of(requests[3]), query)) == of_the_queue
    assert following(petra, requests[3], query) == requests[2]
