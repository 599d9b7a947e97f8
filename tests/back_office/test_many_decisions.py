"""Many requests decided at once, each on its own."""

import pytest
from django.test import Client

from changerequests.models import ChangeRequest
from contacts.models import ChangeSet
from tests.back_office.queue_steps import KING, QUEUE, Status, asked, page_of
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, submit

BULK = f"{QUEUE}bulk/"


def statuses(*requests: ChangeRequest) -> list[int]:
    return [ChangeRequest.objects.get(pk=request.pk).status for request in requests]


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
    # Nothing is ticked any more: that decides nothing, and says so.
    assert confirm(petra, "approve").status_code == 302
    assert "between 1 and 1" in petra.get(QUEUE).content.decode()
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
