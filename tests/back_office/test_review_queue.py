"""The queue: filters, who may decide, many decisions at once, what stands around a request."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from changerequests.admin.queue import asked_label
from changerequests.models import ChangeRequest
from changerequests.selectors.reviewers import reviewers_by_request, reviewers_of
from contacts.models import ChangeSet, Contact
from tests.back_office.conftest import grant
from tests.factories.contacts import REVIEWER, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, submit

QUEUE = "/admin/changerequests/changerequest/"
BULK = f"{QUEUE}bulk/"
KING = {"person": {"lastName": "King"}}
Status = ChangeRequest.Status


def asked(world: World, contact: Contact | None = None) -> ChangeRequest:
    """Anna's request on a contact of hers."""
    return hold(world.actor(world.anna), contact or world.contact(), KING)


def page_of(request: ChangeRequest) -> str:
    return f"{QUEUE}{request.pk}/change/"


def listed(client: Client, **query: str) -> list[int]:
    return [row.pk for row in client.get(QUEUE, query).context["cl"].result_list]


def aged(request: ChangeRequest, days: float) -> ChangeRequest:
    made = timezone.now() - timedelta(days=days)
    ChangeRequest.objects.filter(pk=request.pk).update(created_at=made)
    return request


def statuses(*requests: ChangeRequest) -> list[int]:
    return [ChangeRequest.objects.get(pk=request.pk).status for request in requests]


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


# --- Around a request --------------------------------------------------------------------------
def test_the_page_shows_the_latest_changes_and_the_next_request(world, petra):
    contact = world.contact()
    earlier = decide(world.actor(world.petra), asked(world, contact))
    submit(world.actor(), contact, {"person": {"nickname": "K"}}, comment="From the register")
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "Queen"}})
    other = asked(world)

    page = petra.get(page_of(request))

    assert [change["who"] for change in page.context["changes"]] == ["firm", "anna", "System"]
    assert page.context["following"] == other
    text = page.content.decode()
    assert "From the register" in text
    assert f'href="{page_of(earlier)}"' in text
    assert f'href="{page_of(other)}"' in text
    assert "back_office/review" in text
    assert "<script>" not in text


def test_d4_rows_of_a_grid_are_shown_as_added_removed_and_moved(world, petra):
    rows = [{"id": key, "street": key} for key in ("a", "b", "c", "d")]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    sent = [
        {"id": "d", "street": "d"},
        {"id": "a", "street": "changed"},
        {"id": "n", "street": "n"},
        {"id": "c", "street": "c"},
    ]
    request = hold(world.actor(world.anna), contact, {"channels": {"addresses": sent}})

    page = petra.get(page_of(request))

    (grid,) = page.context["review"].grids
    assert [(row.mark.value, row.before, row.after) for row in grid.rows] == [
        ("moved", 4, 1),
        ("changed", 1, 2),
        ("removed", 2, None),
        ("inserted", None, 3),
        ("same", 3, 4),
    ]
    assert page.context["plain_count"] == 0
    assert all(row.is_in_grid for row in page.context["review"].rows)
    assert page.content.decode().count("data-mark=") == 5


def test_c6_a_grid_in_conflict_stays_a_matter_of_choice(world, petra):
    rows = [{"id": "a", "street": "a"}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    sent = {"channels": {"addresses": [{"id": "a", "street": "b"}]}}
    request = hold(world.actor(world.anna), contact, sent)
    submit(world.actor(), contact, {"channels": {"addresses": [{"id": "a", "street": "c"}]}})

    review = petra.get(page_of(request)).context["review"]

    assert review.grids == []
    assert [(row.is_in_grid, row.conflict.current) for row in review.rows] == [(False, "c")]


# --- Many at once ------------------------------------------------------------------------------
def choose(client: Client, action: str, *requests: ChangeRequest):
    sent = {"action": action, "_selected_action": [request.pk for request in requests]}
    return client.post(QUEUE, sent)


def confirm(client: Client, decision: str, *requests: ChangeRequest, comment: str = ""):
    sent = {
        "decision": decision,
        "comment": comment,
        "request": [request.pk for request in requests],
    }
    return client.post(BULK, sent)


def test_many_requests_are_approved_each_on_its_own(world, petra):
    first, second = asked(world), asked(world)

    page = choose(petra, "approve_selected", second, first)
    assert [each["request"].pk for each in page.context["chosen"]] == [first.pk, second.pk]
    assert statuses(first, second) == [Status.PENDING] * 2
    result = confirm(petra, "approve", first, second, comment="Seen")

    assert statuses(first, second) == [Status.APPROVED] * 2
    assert [each.refusal for each in result.context["results"]] == [None, None]
    assert "2 requests approved." in result.content.decode()
    first.refresh_from_db()
    assert (first.reviewer, first.review_comment) == (world.petra, "Seen")
    assert ChangeSet.objects.filter(reviewer=world.petra).count() == 2


def test_who_decides_many_sees_what_each_changes(world, petra):
    rows = [{"id": "a", "city": "Bern"}, {"id": "b", "city": "Basel"}, {"id": "c", "city": "Biel"}]
    contact = world.contact({**tiny_details(nickname="Ad"), "channels": {"addresses": rows}})
    names = {"lastName": "King", "nickname": None, "region": "NORTH", "height": 1, "isPep": True}
    changed = [{"id": "d", "street": "new"}, {**rows[1], "city": "Zug"}, rows[0]]
    many = hold(
        world.actor(world.anna), contact, {"person": names, "channels": {"addresses": changed}}
    )
    moved = world.contact()
    stale = asked(world, moved)
    submit(world.actor(), moved, {"person": {"lastName": "Lovelace"}})

    page = choose(petra, "approve_selected", many, stale)

    first, second = (each["brief"] for each in page.context["chosen"])
    assert [row.change.path for row in first["rows"]] == [
        "person.lastName",
        "person.region",
        "person.nickname",
        "person.height",
    ]
    assert first["more"] == 1
    assert [grid["text"] for grid in first["grids"]] == ["1 row added, 1 row removed, 1 row moved"]
    assert (first["conflict_count"], second["conflict_count"]) == (0, 1)
    for text in ("Byron", "King", "and 1 more", "Changed meanwhile"):
        assert text in page.text


@pytest.mark.parametrize("count", [1, 10])
def test_the_queries_before_many_decisions_do_not_grow(
    world, petra, django_assert_num_queries, count
):
    requests = [asked(world) for _ in range(count)]
    choose(petra, "approve_selected", *requests)

    with django_assert_num_queries(22):
        choose(petra, "approve_selected", *requests)


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


def test_d4_an_order_in_conflict_is_told_by_its_rows(world, petra):
    rows = [{"id": "a", "city": "Bern"}, {"id": "b", "city": "Basel"}, {"id": "c", "city": "Biel"}]
    contact = world.contact({**tiny_details(), "channels": {"addresses": rows}})
    turned = {"channels": {"addresses": [rows[2], rows[1], rows[0]]}, "person": {"lastName": "K"}}
    request = hold(world.actor(world.anna), contact, turned)
    now = {"channels": {"addresses": [rows[1], rows[0], rows[2], {"id": "x"}]}}
    submit(world.actor(), contact, now)

    row = petra.get(page_of(request)).context["review"].rows[0]

    assert row.change.is_order
    assert row.change.original == "1. Bern\n2. Basel\n3. Biel"
    assert row.conflict.current == "1. Basel\n2. Bern\n3. Biel\n4. x"
    assert row.change.target == "1. Biel\n2. Basel\n3. Bern"


def test_what_one_refuses_stops_no_other(world, petra):
    good, decided = asked(world), asked(world)
    own = hold(world.actor(world.petra), world.contact(), KING)
    moved, invalid = world.contact(), world.contact(tiny_details(isPep=True))
    in_conflict = asked(world, moved)
    no_longer_valid = hold(
        world.actor(world.anna), invalid, {"person": {"lastName": "King", "pepReason": "Mayor"}}
    )
    far = hold(world.actor(world.carl), world.contact(adviser=world.carl), KING)
    submit(world.actor(), moved, {"person": {"lastName": "Moved"}})
    submit(world.actor(), invalid, {"person": {"isPep": False}})
    decide(world.actor(world.petra), decided, is_approved=False, comment="no")
    requests = (decided, own, in_conflict, no_longer_valid, far, good)

    result = confirm(petra, "approve", *requests)

    results = result.context["results"]
    assert [each.request_id for each in results] == [request.pk for request in requests]
    said = [each.refusal or "" for each in results]
    assert "has been decided or withdrawn in the meantime" in said[0]
    assert "You made this request yourself" in said[1]
    assert "Values have changed" in said[2]
    assert "no longer accepts" in said[3]
    assert "no such request" in said[4]
    assert said[5] == ""
    assert "pepReason" in results[3].problems[0]
    assert [each.status_key for each in results] == [
        "rejected",
        "pending",
        "pending",
        "pending",
        "",
        "approved",
    ]
    assert statuses(*requests) == [
        Status.REJECTED,
        *[Status.PENDING] * 4,
        Status.APPROVED,
    ]
    text = result.content.decode()
    assert "1 request approved." in text
    assert "5 were not decided" in text


def test_c8_rejecting_many_takes_a_comment(world, petra):
    first, second = asked(world), asked(world)

    assert choose(petra, "reject_selected", first, second).status_code == 200
    refused = confirm(petra, "reject", first, second, comment=" ")
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    assert statuses(first, second) == [Status.PENDING] * 2

    result = confirm(petra, "reject", first, second, comment="Not documented")
    assert statuses(first, second) == [Status.REJECTED] * 2
    assert "2 requests rejected." in result.content.decode()
    assert ChangeSet.objects.filter(kind="change").count() == 0


def test_a_decision_that_is_none_or_for_nobody_changes_nothing(world, petra):
    request = asked(world)

    assert confirm(petra, "maybe", request).status_code == 400
    assert confirm(petra, "maybe").status_code == 302
    assert petra.post(BULK, {"decision": "approve", "request": ["x", "0"]}).status_code == 200
    assert "chosen" not in choose(petra, "approve_selected").context
    assert statuses(request) == [Status.PENDING]


def test_no_more_than_a_page_shows_are_decided_at_once(world, petra, monkeypatch):
    monkeypatch.setattr("changerequests.admin.bulk.MOST", 1)
    first, second = asked(world), asked(world)

    answer = choose(petra, "approve_selected", first, second)
    assert answer.status_code == 302
    assert "between 1 and 1" in petra.get(QUEUE).content.decode()
    assert confirm(petra, "approve", first, second).status_code == 302

    assert "between 1 and 1" in petra.get(QUEUE).content.decode()
    assert statuses(first, second) == [Status.PENDING] * 2
    assert confirm(petra, "approve", first).status_code == 200
    assert statuses(first, second) == [Status.APPROVED, Status.PENDING]


def test_cr17_many_at_once_take_the_permission_too(world, anna):
    request = asked(world)

    assert "approve_selected" not in anna.get(QUEUE).content.decode()
    assert confirm(anna, "approve", request).status_code == 403
    assert statuses(request) == [Status.PENDING]


def test_a2_requests_out_of_reach_cannot_be_chosen(world, petra):
    far = hold(world.actor(world.carl), world.contact(adviser=world.carl), KING)

    assert choose(petra, "approve_selected", far).status_code == 302
    assert statuses(far) == [Status.PENDING]


def test_ad01_many_decisions_take_a_token_and_are_no_link(world, sign_in):
    request = asked(world)
    strict = sign_in(world.petra, enforce_csrf_checks=True)

    assert confirm(strict, "approve", request).status_code == 403
    foreign = {"decision": "approve", "request": [request.pk], "csrfmiddlewaretoken": "x" * 64}
    assert strict.post(BULK, foreign).status_code == 403
    assert strict.get(BULK, {"decision": "approve", "request": request.pk}).status_code == 405
    assert choose(strict, "approve_selected", request).status_code == 403
    assert statuses(request) == [Status.PENDING]


def test_ad02_what_a_client_sends_is_text_on_every_page(world, petra):
    evil = "<img src=x onerror=alert(1)>{{7*7}}"
    contact = world.contact(
        {
            "person": {"firstName": evil, "lastName": "x"},
            "channels": {"addresses": [{"id": "<b>", "street": evil}]},
        }
    )
    request = submit(
        world.actor(world.anna),
        contact,
        {
            "person": {"lastName": evil},
            "channels": {"addresses": [{"id": "<b>", "street": "y"}, {"street": evil}]},
        },
        comment=evil,
    ).change_request_id
    found = ChangeRequest.objects.get(pk=request)

    pages = [
        petra.get(QUEUE),
        petra.get(page_of(found)),
        choose(petra, "reject_selected", found),
        confirm(petra, "reject", found, comment=evil),
        petra.get(page_of(found)),
    ]

    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "<img src=x" not in text
        assert "<b>" not in text
        assert "49" not in text.replace("{{7*7}}", "") or "{{7*7}}" in text
        assert "&lt;img src=x" in text


def test_a_request_of_a_legal_entity_is_decided_among_many(world, admin, sign_in, legal_request):
    request = asked(world)
    superuser = sign_in(admin)

    result = confirm(superuser, "approve", legal_request, request)

    assert [each.refusal for each in result.context["results"]] == [None, None]
    assert statuses(legal_request, request) == [Status.APPROVED] * 2
    assert "Ada King" in result.content.decode()


def test_the_badge_counts_what_the_reader_may_decide(world, petra, anna):
    asked(world)
    hold(world.actor(world.petra), world.contact(), KING)

    def badge(client: Client) -> object:
        groups = client.get("/admin/").context["sidebar_navigation"]
        items = [item for group in groups for item in group["items"]]
        return next(item.get("badge") for item in items if item["icon"] == "rule")

    assert badge(petra) == "1"
    assert badge(anna) is None
