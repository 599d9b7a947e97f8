"""The page of a request: the comparison, who decides, what the queue shows (A1, C1, C5, C8)."""

import pytest
from django.test import Client

from changerequests.models import ChangeRequest
from config.common.models import AuditEvent
from contacts.models import ChangeSet
from tests.back_office.conftest import grant
from tests.back_office.queue_steps import QUEUE, Status, page_of, review_of, status_of
from tests.factories.contacts import REVIEWER
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold


def asked(world: World, **person: object) -> ChangeRequest:
    """Anna's request on a contact of hers."""
    return hold(
        world.actor(world.anna), world.contact(), {"person": person or {"lastName": "King"}}
    )


def listed(client: Client, **query: str) -> list[int]:
    return [row.pk for row in client.get(QUEUE, query).context["cl"].result_list]


def test_a2_the_queue_shows_what_the_member_reaches(world, petra, sign_in):
    request = asked(world)

    assert listed(petra) == [request.pk]
    assert listed(sign_in(world.carl)) == []
    assert sign_in(world.carl).get(page_of(request)).status_code == 404
    assert sign_in(world.carl).post(review_of(request), {"decision": "approve"}).status_code == 404
    assert petra.get(f"{QUEUE}nonsense/change/").status_code == 404


def test_a1_reading_takes_a_permission(world, sign_in):
    request = asked(world)
    world.petra.user_permissions.clear()
    petra = sign_in(world.petra)

    assert petra.get(QUEUE).status_code == 403
    assert petra.get(page_of(request)).status_code == 404


def test_the_queue_is_filtered_by_status_and_whose_turn_it_is(world, petra, anna):
    open_request, closed = asked(world), asked(world)
    own = hold(world.actor(world.petra), world.contact(), {"person": {"lastName": "Own"}})
    decide(world.actor(world.petra), closed)

    assert listed(petra) == [own.pk, closed.pk, open_request.pk]
    assert listed(petra, view="decide") == [open_request.pk]
    assert listed(petra, view="mine") == [own.pk]
    assert listed(petra, status="2") == [closed.pk]
    assert listed(petra, status="x") == [own.pk, closed.pk, open_request.pk]
    assert listed(anna, view="decide") == []
    assert listed(anna, view="mine") == [own.pk, closed.pk, open_request.pk][1:]


def test_requests_are_found_by_client_number_and_login(world, petra):
    request = hold(
        world.actor(world.anna),
        world.contact({"person": {"firstName": "Zoë", "lastName": "Z"}}),
        {"person": {"lastName": "King"}},
    )
    asked(world)

    for text in ("zoe", str(request.pk), "zoe anna"):
        assert listed(petra, q=text) == [request.pk], text
    assert listed(petra, q="nobody") == []


@pytest.mark.parametrize("count", [1, 10])
def test_the_queries_of_the_queue_do_not_grow(world, petra, django_assert_num_queries, count):
    for _ in range(count):
        asked(world)
    petra.get(QUEUE)

    with django_assert_num_queries(15):
        petra.get(QUEUE)


@pytest.mark.parametrize("count", [1, 8])
def test_the_queries_of_a_request_do_not_grow(world, petra, django_assert_num_queries, count):
    rows = [{"street": f"s{number}"} for number in range(count)]
    request = hold(world.actor(world.anna), world.contact(), {"channels": {"addresses": rows}})
    petra.get(page_of(request))

    with django_assert_num_queries(14):
        petra.get(page_of(request))


def test_c1_the_comparison_shows_labels_values_and_what_needs_approval(world, petra):
    contact = world.contact(tiny_details(nickname="Ad"))
    request = hold(
        world.actor(world.anna),
        contact,
        {"person": {"lastName": "King", "nickname": None, "region": "NORTH"}},
    )

    rows = petra.get(page_of(request)).context["review"].rows

    assert [
        (row.change.place.label, row.change.original, row.change.target, row.needs_approval)
        for row in rows
    ] == [
        ("lastName", "Byron", "King", True),
        ("region", None, "North", False),
        ("nickname", "Ad", None, False),
    ]
    assert all(row.conflict is None for row in rows)


def test_rows_of_grids_are_named_by_number_and_id(world, petra):
    contact = world.contact(
        {
            **tiny_details(),
            "channels": {"addresses": [{"id": "a", "street": "x"}, {"id": "b", "street": "y"}]},
        }
    )
    sent = [{"id": "a", "street": "x"}, {"id": "b", "street": "z"}]
    request = hold(world.actor(world.anna), contact, {"channels": {"addresses": sent}})

    place = petra.get(page_of(request)).context["review"].rows[0].change.place

    assert (place.section, place.label, place.row, place.row_id) == ("addresses", "street", 2, "b")


def test_a_reviewer_approves_and_goes_on_to_the_next(world, petra):
    first, second = asked(world), asked(world)

    answer = petra.post(review_of(first), {"decision": "approve", "comment": "Seen"})

    assert answer.url == page_of(second)
    assert status_of(first) == Status.APPROVED
    assert (first.reviewer, first.review_comment) == (world.petra, "Seen")
    change_set = ChangeSet.objects.order_by("id").last()
    assert (change_set.member, change_set.reviewer) == (world.anna, world.petra)
    assert "is in effect" in petra.get(answer.url).content.decode()
    assert petra.post(review_of(second), {"decision": "approve"}).url == (f"{QUEUE}?view=decide")


def test_c8_rejecting_takes_a_comment(world, petra):
    request = asked(world)

    answer = petra.post(review_of(request), {"decision": "reject", "comment": "  "})
    assert answer.status_code == 400
    assert "Say why" in answer.content.decode()
    assert status_of(request) == Status.PENDING

    assert (
        petra.post(review_of(request), {"decision": "reject", "comment": "No"}).status_code == 302
    )
    assert status_of(request) == Status.REJECTED
    assert ChangeSet.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{}, {"decision": "maybe"}, {"decision": "reject", "comment": "x" * 2001}]
)
def test_c8_what_is_no_decision_changes_nothing(world, petra, sent):
    request = asked(world)

    assert petra.post(review_of(request), sent).status_code == 400
    assert status_of(request) == Status.PENDING


def test_c8_a_line_break_counts_as_one_character(world, petra):
    request = asked(world)
    comment = "Two\nlines" + "x" * 1990
    sent = {"decision": "reject", "comment": comment.replace("\n", "\r\n") + "y"}
    assert petra.post(review_of(request), sent).status_code == 302

    request.refresh_from_db()
    assert request.review_comment == comment + "y"


def test_cr01_nobody_reviews_their_own_request_not_even_superusers(world, admin, sign_in):
    grant(world.anna, *REVIEWER)
    anna, superuser = sign_in(world.anna), sign_in(admin)
    request = asked(world)
    own = hold(world.actor(admin), world.contact(), {"person": {"lastName": "King"}})

    for client, mine in ((anna, request), (superuser, own)):
        page = client.get(page_of(mine)).content.decode()
        assert "confirm-approve" not in page
        assert "confirm-cancel" in page
        answer = client.post(review_of(mine), {"decision": "approve"}, follow=True)
        assert "You made this request yourself" in answer.content.decode()
        assert status_of(mine) == Status.PENDING
    assert ChangeSet.objects.filter(kind="change").count() == 0


def test_cr17_reviewing_takes_the_permission(world, sign_in):
    world.petra.user_permissions.remove(
        *world.petra.user_permissions.filter(codename="review_changerequest")
    )
    petra = sign_in(world.petra)
    request = asked(world)

    assert "confirm-approve" not in petra.get(page_of(request)).content.decode()
    assert petra.post(review_of(request), {"decision": "approve"}).status_code == 403
    assert status_of(request) == Status.PENDING


def test_cr05_only_the_initiator_cancels(world, petra, anna):
    request = asked(world)
    address = f"{QUEUE}{request.pk}/cancel/"

    assert "Only the person who made" in petra.post(address, follow=True).content.decode()
    assert status_of(request) == Status.PENDING
    assert anna.post(address).status_code == 302
    assert status_of(request) == Status.CANCELLED
    assert "has been decided or withdrawn" in anna.post(address, follow=True).content.decode()


def test_c5_a_decided_request_is_not_decided_again(world, petra):
    request = asked(world)
    decide(world.actor(world.petra), request)

    answer = petra.post(review_of(request), {"decision": "reject", "comment": "No"}, follow=True)

    assert "has been decided or withdrawn" in answer.content.decode()
    assert status_of(request) == Status.APPROVED
    assert "confirm-approve" not in answer.content.decode()


@pytest.mark.parametrize("sent", [{"decision": "approve"}, {"decision": "reject", "comment": "No"}])
def test_c5_a_second_click_repeats_nothing_and_blames_nobody(world, petra, sent):
    first, second = asked(world), asked(world)

    for _ in range(2):
        answer = petra.post(review_of(first), sent)
        assert answer.url == page_of(second)

    text = petra.get(answer.url).content.decode()
    assert "in the meantime" not in text
    assert ("is in effect" in text) == (sent["decision"] == "approve")
    assert AuditEvent.objects.filter(object_type="changeRequest", member=world.petra).count() == 1
    assert status_of(second) == Status.PENDING


def test_ad01_actions_take_a_token_and_are_no_links(world, sign_in):
    request = asked(world)
    strict = sign_in(world.petra, enforce_csrf_checks=True)

    for action in ("review", "cancel"):
        address = f"{QUEUE}{request.pk}/{action}/"
        assert strict.post(address, {"decision": "approve"}).status_code == 403
        assert (
            strict.post(
                address, {"decision": "approve", "csrfmiddlewaretoken": "x" * 64}
            ).status_code
            == 403
        )
        assert strict.get(address).status_code == 405
    assert status_of(request) == Status.PENDING


def test_ad04_superusers_cannot_edit_a_request(world, admin, sign_in):
    request = asked(world)
    superuser = sign_in(admin)

    assert superuser.post(page_of(request), {"status": "2"}).status_code == 405
    assert superuser.get(f"{QUEUE}add/").status_code == 403
    assert superuser.post(f"{QUEUE}{request.pk}/delete/", {"post": "yes"}).status_code == 403
    assert status_of(request) == Status.PENDING


def test_a_request_of_a_legal_entity_is_in_the_queue(world, admin, sign_in, legal_request):
    superuser = sign_in(admin)

    assert listed(superuser) == [legal_request.pk]
    page = superuser.get(page_of(legal_request))
    assert page.status_code == 200
    assert "Globales" in page.content.decode()
    assert superuser.post(review_of(legal_request), {"decision": "approve"}).status_code == 302
    assert status_of(legal_request) == Status.APPROVED
