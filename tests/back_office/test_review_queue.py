"""The queue: filters, who may decide, what a row says."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from changerequests.admin.queue import asked_label
from changerequests.models import ChangeRequest
from changerequests.selectors.reviewers import reviewers_by_request, reviewers_of
from tests.back_office.conftest import grant
from tests.back_office.queue_steps import KING, QUEUE, asked, page_of
from tests.factories.contacts import REVIEWER, make_member
from tests.factories.submissions import decide, hold


def listed(client: Client, **query: str) -> list[int]:
    return [row.pk for row in client.get(QUEUE, query).context["cl"].result_list]


def aged(request: ChangeRequest, days: float) -> ChangeRequest:
    made = timezone.now() - timedelta(days=days)
    ChangeRequest.objects.filter(pk=request.pk).update(created_at=made)
    return request


# --- Filters -----------------------------------------------------------------------------------
def test_the_queue_is_filtered_by_age(world, petra):
    old, week, fresh = (aged(asked(world), days) for days in (40, 5, 0.5))

    assert listed(petra, age="-1") == [fresh.pk]
    assert listed(petra, age="-7") == [fresh.pk, week.pk]
    assert listed(petra, age="3") == [week.pk, old.pk]
    assert listed(petra, age="30") == [old.pk]
    for nonsense in ("", "x", "--1", "99999999", "-"):
        assert len(listed(petra, age=nonsense)) == 3, nonsense


def test_the_queue_is_filtered_by_who_asked(world, petra):
    of_anna = asked(world)
    of_ben = hold(world.actor(world.ben), world.contact(adviser=world.ben), KING)

    page = petra.get(QUEUE, {"initiator": str(world.ben.pk)})

    assert [row.pk for row in page.context["cl"].result_list] == [of_ben.pk]
    assert listed(petra, initiator="x") == [of_ben.pk, of_anna.pk]
    offered = page.context["cl"].filter_specs[3].lookup_choices
    assert offered == [(str(world.anna.pk), "anna"), (str(world.ben.pk), "ben")]


def test_a2_initiators_out_of_reach_are_not_offered(world, sign_in):
    asked(world)
    own = hold(world.actor(world.carl), world.contact(adviser=world.carl), KING)

    page = sign_in(world.carl).get(QUEUE)

    assert [row.pk for row in page.context["cl"].result_list] == [own.pk]
    assert page.context["cl"].filter_specs[3].lookup_choices == [(str(world.carl.pk), "carl")]


def test_the_queue_is_filtered_by_field(world, petra):
    name = asked(world)
    street = hold(
        world.actor(world.anna),
        world.contact(),
        {"channels": {"addresses": [{"street": "one"}]}},
    )

    page = petra.get(QUEUE, {"path": "channels.addresses.street"})

    assert [row.pk for row in page.context["cl"].result_list] == [street.pk]
    assert listed(petra, path="person") == [name.pk]
    assert listed(petra, path="no\x00thing") == []
    offered = page.context["cl"].filter_specs[4].lookup_choices
    assert offered == [
        ("channels.addresses.street", "addresses / street"),
        ("person.lastName", "lastName"),
    ]


# --- Who may decide ----------------------------------------------------------------------------
def test_a_page_of_requests_has_the_reviewers_of_each(world):
    make_member(permissions={*REVIEWER, "reach_all_contacts"}, is_active=False)
    wide = make_member(permissions={*REVIEWER, "reach_all_contacts"})
    make_member("blind", permissions=["review_changerequest", "reach_all_contacts"])
    grant(world.anna, *REVIEWER)
    shared = world.contact(advisers=[world.anna, world.ben])
    requests = [
        asked(world),
        hold(world.actor(world.petra), shared, KING),
        hold(world.actor(world.carl), world.contact(adviser=world.carl), KING),
    ]

    found = reviewers_by_request(requests)

    for request in requests:
        assert {each.pk for each in found[request.pk]} == {
            each.pk for each in reviewers_of(request)
        }
    assert [len(found[request.pk]) for request in requests] == [2, 3, 1]
    assert found[requests[2].pk] == [wide]


@pytest.mark.parametrize("count", [1, 12])
def test_reviewers_take_two_statements(world, django_assert_num_queries, count):
    requests = [asked(world) for _ in range(count)]

    with django_assert_num_queries(2):
        reviewers_by_request(requests)


def test_the_queue_marks_what_one_person_or_nobody_may_decide(world, petra):
    orphan = hold(world.actor(world.petra), world.contact(adviser=world.petra), KING)
    single, several = asked(world), asked(world, world.contact(advisers=[world.anna, world.ben]))
    closed = decide(world.actor(world.petra), asked(world))

    rows = petra.get(QUEUE).context["cl"].result_list
    text = petra.get(QUEUE).content.decode()

    names = {row.pk: getattr(row, "reviewers", None) for row in rows}
    assert names == {
        orphan.pk: [],
        single.pk: [world.petra],
        several.pk: [world.petra, world.ben],
        closed.pk: None,
    }
    assert "Only petra" in text
    assert "Nobody" in text


def test_the_page_says_when_one_person_or_nobody_may_decide(world, petra):
    orphan = hold(world.actor(world.petra), world.contact(adviser=world.petra), KING)
    single, several = asked(world), asked(world, world.contact(advisers=[world.anna, world.ben]))

    def text(request: ChangeRequest) -> str:
        return petra.get(page_of(request)).content.decode()

    assert "Nobody may decide this request" in text(orphan)
    assert "Only petra may decide this request." in text(single)
    assert "may decide this request" not in text(several)


# --- Many at once ------------------------------------------------------------------------------
def test_the_queue_says_what_each_request_changes(world, petra):
    one = asked(world)
    many = hold(
        world.actor(world.anna),
        world.contact(),
        {
            "person": {"nickname": "A", "lastName": "King"},
            "channels": {"addresses": [{"city": "x"}]},
        },
    )

    rows = petra.get(QUEUE).context["cl"].result_list

    assert [(row.pk, asked_label(row)) for row in rows] == [
        (many.pk, "lastName, nickname +1"),
        (one.pk, "lastName"),
    ]
    assert "lastName, nickname +1" in petra.get(QUEUE).text


def test_what_waits_for_the_reader_is_listed_as_it_came_in(world, petra):
    first, second = asked(world), asked(world)

    assert listed(petra, view="decide") == [first.pk, second.pk]
    assert listed(petra) == [second.pk, first.pk]
    # A click on a heading still counts.
    assert listed(petra, view="decide", o="-2") == [second.pk, first.pk]


def test_the_badge_counts_what_the_reader_may_decide(world, petra, anna):
    asked(world)
    hold(world.actor(world.petra), world.contact(), KING)

    def badge(client: Client) -> object:
        groups = client.get("/admin/").context["sidebar_navigation"]
        items = [item for group in groups for item in group["items"]]
        return next(item.get("badge") for item in items if item["icon"] == "rule")

    assert badge(petra) == "1"
    assert badge(anna) is None
