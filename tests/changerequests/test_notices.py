"""Emails about new requests and about decisions (C4, V7)."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import queue_decidable
from changerequests.selectors.reviewers import reviewers_by_request, reviewers_of
from changerequests.services import change_request_cancel
from changerequests.services.follow_up import change_requests_remind
from changerequests.services.notices import reviewers_notify
from changerequests.tasks import reviewers_notify_task
from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox.delivery import outbox_deliver
from config.common.outbox.templates import Channel, render
from contacts.models import Contact, Member
from contacts.services.members import MemberUpdate, member_update
from legalentities.models import LegalEntity
from tests.changerequests.notice_steps import State, give_addresses, held, let_wait, sent
from tests.factories.contacts import REVIEWER, make_member
from tests.factories.fixtures import World
from tests.factories.providers import MailServer
from tests.factories.submissions import decide, hold, ref_of
from tests.factories.threads import Racers
from tests.factories.tokens import actor_of

REACH_ALL = "reach_all_contacts"
REVIEW_ONLY = "review_changerequest"


# --- Who may decide ----------------------------------------------------------------------------
def test_c4_who_may_decide_is_who_reaches_and_holds_the_permission(world: World) -> None:
    """The selector goes the other way round than the queue, and comes to the same."""
    make_member("all", permissions={*REVIEWER, REACH_ALL})
    make_member("far", permissions=REVIEWER)
    make_member("blind", permissions={REVIEW_ONLY, REACH_ALL})
    make_member("boss", permissions=(), is_superuser=True)
    make_member("left", permissions={*REVIEWER, REACH_ALL}, is_active=False)
    request = held(world, advisers=[world.anna, world.ben])

    found = set(reviewers_of(request).values_list("username", flat=True))

    assert found == {"petra", "ben", "all", "boss"}
    for member in Member.objects.filter(is_active=True):
        actor = actor_of(member, app=world.app)
        may = queue_decidable(actor=actor).filter(pk=request.pk).exists()
        assert may == (member.username in found), member.username


def test_a6_the_initiator_is_none_of_them(world: World) -> None:
    contact = world.contact(adviser=world.ben)
    request = hold(world.actor(world.ben), contact, {"person": {"lastName": "King"}})

    assert list(reviewers_of(request)) == [world.petra]


def test_l3_a_legal_entity_is_for_those_who_reach_all(world: World, held_entity: Any) -> None:
    make_member("all", permissions={*REVIEWER, REACH_ALL})
    sees_them = make_member("sees", permissions={REVIEW_ONLY, REACH_ALL, "view_legalentity"})

    assert list(reviewers_of(held_entity)) == [sees_them]
    assert list(reviewers_by_request([held_entity])[held_entity.pk]) == [sees_them]


@pytest.fixture
def held_entity(world: World) -> ChangeRequest:
    """A pending request of a legal entity; only its row matters here."""
    entity = LegalEntity.objects.create(
        details={}, details_hash=b"", schema_token=1, display_name="x", display_name_folded="x"
    )
    like = held(world)
    return ChangeRequest.objects.create(
        legal_entity=entity,
        initiator=world.anna,
        created_at=like.created_at,
        schema_token=1,
        details=like.details,
    )


# --- New requests ------------------------------------------------------------------------------
def test_each_reviewer_gets_one_email_per_request(addressed: World, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://crm.example.com"
    request = held(addressed, advisers=[addressed.anna, addressed.ben])

    reviewers_notify_task()
    reviewers_notify_task()

    link = f"https://crm.example.com/admin/changerequests/changerequest/{request.pk}/change/"
    parameters = {"number": request.pk, "initiator": "anna", "link": link}
    assert sent("changeRequestMade") == [
        ("petra@example.com", parameters),
        ("ben@example.com", parameters),
    ]
    request.refresh_from_db()
    assert request.notified_at is not None
    assert set(OutboxMessage.objects.values_list("contact_id", flat=True)) == {request.contact_id}


def test_who_switched_emails_off_or_has_no_address_gets_none(addressed: World) -> None:
    member_update(
        actor=addressed.actor(),
        member_id=addressed.petra.pk,
        update=MemberUpdate(is_notified=False),
    )
    Member.objects.filter(pk=addressed.ben.pk).update(email="")
    held(addressed, advisers=[addressed.anna, addressed.ben])

    assert reviewers_notify() == 1
    assert not OutboxMessage.objects.exists()
    assert AuditEvent.objects.get(operation="updateMember").fields == ["is_notified"]


def test_each_reviewer_is_written_to_in_its_own_language(addressed: World) -> None:
    for member, language in ((addressed.petra, "de"), (addressed.ben, "fr")):
        member_update(
            actor=addressed.actor(),
            member_id=member.pk,
            update=MemberUpdate(language=language),
        )
    make_member("else", permissions={*REVIEWER, REACH_ALL})
    Member.objects.filter(username="else").update(email="else@example.com")
    held(addressed, advisers=[addressed.anna, addressed.ben])

    assert reviewers_notify() == 1
    assert AuditEvent.objects.filter(operation="updateMember").first().fields == ["language"]
    languages = OutboxMessage.objects.order_by("pk").values_list("language", flat=True)
    assert sorted(languages) == ["de", "en", "fr"]
    mail = sent("changeRequestMade")
    assert [recipient for recipient, _ in mail] == [
        "petra@example.com",
        "ben@example.com",
        "else@example.com",
    ]


@pytest.mark.parametrize("count", [1, 40])
def test_a_thousand_reviewers_take_as_many_statements_as_one(
    addressed: World, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        make_member(f"r{number}", permissions={*REVIEWER, REACH_ALL})
    give_addresses()
    held(addressed)
    reviewers_notify()
    OutboxMessage.objects.all().delete()
    held(addressed)

    with django_assert_num_queries(9):
        assert reviewers_notify() == 1

    assert OutboxMessage.objects.count() == count + 1


def test_a_request_that_was_decided_meanwhile_is_no_news(addressed: World) -> None:
    request = held(addressed)
    change_request_cancel(
        actor=addressed.actor(addressed.anna),
        ref=ref_of(Contact.objects.get()),
        request_id=request.pk,
    )

    assert reviewers_notify() == 0
    assert not OutboxMessage.objects.exists()


def test_without_an_address_of_ours_emails_have_no_link(addressed: World) -> None:
    held(addressed)

    reviewers_notify()

    assert [parameters["link"] for _, parameters in sent("changeRequestMade")] == [""]


def test_a_long_queue_is_told_of_in_batches(
    addressed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("changerequests.services.notices.BATCH", 2)
    for _ in range(3):
        held(addressed)

    assert [reviewers_notify(), reviewers_notify(), reviewers_notify()] == [2, 1, 0]
    assert len(sent("changeRequestMade")) == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_email_once(committed_world: World) -> None:
    give_addresses()
    requests = [held(committed_world) for _ in range(20)]

    with Racers(2) as racers:
        told = racers.run([reviewers_notify, reviewers_notify])

    assert sum(told) == 20
    numbers = sorted(parameters["number"] for _, parameters in sent("changeRequestMade"))
    assert numbers == sorted(request.pk for request in requests)


def test_a_request_that_somebody_decides_is_left_alone(committed_world: World) -> None:
    give_addresses()
    request = held(committed_world)

    with transaction.atomic(), Racers(1) as racers:
        ChangeRequest.objects.select_for_update().get(pk=request.pk)
        assert racers.run([reviewers_notify]) == [0]
    assert reviewers_notify() == 1


# --- Decisions ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("is_approved", "outcome"), [(True, "approved"), (False, "rejected")])
def test_the_initiator_learns_of_the_decision(
    addressed: World, is_approved: bool, outcome: str
) -> None:
    request = held(addressed)
    reviewers_notify()

    decide(addressed.actor(addressed.petra), request, is_approved=is_approved, comment="Well.")

    parameters = {"number": request.pk, "outcome": outcome, "link": ""}
    assert sent("changeRequestDecided") == [("anna@example.com", parameters)]
    # What had not gone out to reviewers never does.
    assert [
        message.state for message in OutboxMessage.objects.filter(kind="changeRequestMade")
    ] == [State.CANCELLED]


def test_v1_the_initiator_learns_that_a_new_email_waits(addressed: World) -> None:
    changes = {"person": {"lastName": "King"}, "channels": {"email": "ada@example.com"}}
    request = hold(addressed.actor(addressed.anna), addressed.contact(), changes)

    decide(addressed.actor(addressed.petra), request)

    parameters = {"number": request.pk, "outcome": "approvedAndWaiting", "link": ""}
    assert sent("changeRequestDecided") == [("anna@example.com", parameters)]
    text = render("changeRequestDecided", Channel.EMAIL, "en", parameters)
    assert text.subject == f"Your change request {request.pk} was approved"
    assert "once the client has confirmed it" in text.text


def test_who_cancels_gets_no_email_about_it(addressed: World) -> None:
    request = held(addressed)

    change_request_cancel(
        actor=addressed.actor(addressed.anna),
        ref=ref_of(Contact.objects.get()),
        request_id=request.pk,
    )

    assert not OutboxMessage.objects.exists()


def test_an_initiator_that_left_gets_no_email(addressed: World) -> None:
    request = held(addressed)
    Member.objects.filter(pk=addressed.anna.pk).update(is_active=False)

    decide(addressed.actor(addressed.petra), request)

    assert not OutboxMessage.objects.exists()


# --- Texts -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_emails_name_the_request_and_no_client(
    committed_world: World, mailbox: MailServer, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://crm.example.com"
    settings.CHANGE_REQUEST_REMINDER_DAYS = 3
    give_addresses()
    request = held(committed_world)
    reviewers_notify()
    let_wait(request, 4)
    change_requests_remind()
    assert outbox_deliver() == 2

    decide(committed_world.actor(committed_world.petra), request, is_approved=False, comment="No.")
    assert outbox_deliver() == 1

    made, waits, decided = mailbox.emails
    assert f"Subject: New change request {request.pk}" in made
    assert "anna asked for a change that needs a second person." in made
    assert f"Subject: Change request {request.pk} is waiting" in waits
    assert "more than 3 days" in waits.replace("=\r\n", "")
    assert f"Subject: Your change request {request.pk} was rejected" in decided
    for email in mailbox.emails:
        assert f"/admin/changerequests/changerequest/{request.pk}/change/" in email.replace(
            "=\r\n", ""
        )
        assert not any(name in email for name in ("Ada", "Byron", "King", "No."))
