"""Reminders, and the end of what nobody decides (C5)."""

import pytest
from django.conf import LazySettings

from changerequests.models import ChangeRequest
from changerequests.services.follow_up import change_requests_expire, change_requests_remind
from changerequests.tasks import change_requests_follow_up_task
from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox.templates import Channel, render
from contacts.models import ChangeSet
from tests.changerequests.notice_steps import held, let_wait, sent
from tests.factories.fixtures import World
from tests.factories.submissions import hold
from tests.factories.threads import Racers

Status = ChangeRequest.Status


# --- Decisions ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("en", 1, "more than a day."),
        ("en", 3, "more than 3 days."),
        ("de", 1, "seit mehr als einem Tag."),
        ("fr", 3, "depuis plus de 3 jours."),
    ],
)
def test_a_reminder_counts_days_as_people_do(language: str, days: int, expected: str) -> None:
    parameters = {"number": 5, "initiator": "anna", "days": days, "link": ""}

    assert expected in render("changeRequestWaits", Channel.EMAIL, language, parameters).text


# --- Reminders and expiry ----------------------------------------------------------------------
def test_reminders_and_expiry_are_off_by_default(addressed: World) -> None:
    let_wait(held(addressed), 4000)

    change_requests_follow_up_task()

    assert not OutboxMessage.objects.exists()
    assert ChangeRequest.objects.get().status == Status.PENDING


def test_reviewers_are_reminded_once_of_what_is_old(
    addressed: World, settings: LazySettings
) -> None:
    settings.CHANGE_REQUEST_REMINDER_DAYS = 3
    old, new = held(addressed), held(addressed)
    let_wait(old, 3)
    let_wait(new, 2)

    assert [change_requests_remind(), change_requests_remind()] == [1, 0]
    parameters = {"number": old.pk, "initiator": "anna", "days": 3, "link": ""}
    assert sent("changeRequestWaits") == [("petra@example.com", parameters)]


def test_c5_what_nobody_decides_ends_as_cancelled_by_the_system(
    addressed: World, settings: LazySettings
) -> None:
    settings.CHANGE_REQUEST_EXPIRY_DAYS = 30
    old, new = held(addressed), held(addressed)
    let_wait(old, 30)
    let_wait(new, 29)

    assert [change_requests_expire(), change_requests_expire()] == [1, 0]
    old.refresh_from_db()
    written = "Cancelled by the system: nobody decided within 30 days."
    assert (old.status, old.review_comment) == (Status.CANCELLED, written)
    assert (old.reviewer, old.reviewed_at) == (None, None)
    assert ChangeRequest.objects.get(pk=new.pk).status == Status.PENDING
    event = AuditEvent.objects.get(operation="changeRequestCancelled")
    assert (event.member, event.app, event.reason) == (None, None, written)
    assert [parameters["outcome"] for _, parameters in sent("changeRequestDecided")] == [
        "cancelled"
    ]
    assert not ChangeSet.objects.filter(change_request__isnull=False).exists()


def test_c5_one_day_is_written_as_one(addressed: World, settings: LazySettings) -> None:
    settings.CHANGE_REQUEST_EXPIRY_DAYS = 1
    request = held(addressed)
    let_wait(request, 1)

    assert change_requests_expire() == 1
    request.refresh_from_db()
    written = "Cancelled by the system: nobody decided within 1 day."
    assert request.review_comment == written
    assert AuditEvent.objects.get(operation="changeRequestCancelled").reason == written


def test_a_long_queue_ends_in_one_run_unless_time_runs_out(
    addressed: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHANGE_REQUEST_EXPIRY_DAYS = 1
    monkeypatch.setattr("changerequests.services.notices.BATCH", 2)
    for _ in range(3):
        let_wait(held(addressed), 2)

    with monkeypatch.context() as patched:
        patched.setattr("changerequests.services.follow_up.LONGEST_SECONDS", 0)
        assert change_requests_expire() == 0
    assert [change_requests_expire(), change_requests_expire()] == [3, 0]


@pytest.mark.django_db(transaction=True)
def test_c5_of_an_expiry_and_an_approval_one_wins(
    committed_world: World, settings: LazySettings
) -> None:
    settings.CHANGE_REQUEST_EXPIRY_DAYS = 1
    reviewer = committed_world.api(committed_world.petra)
    contact = committed_world.contact()
    with Racers(2) as racers:
        for number in range(50):
            changes = {"person": {"lastName": f"King {number}"}}
            request = hold(committed_world.actor(committed_world.anna), contact, changes)
            let_wait(request, 2)
            path = f"/v1.0/contacts/{contact.pk}/change-requests/{request.pk}/review"

            expired, approved = racers.run(
                [
                    change_requests_expire,
                    lambda path=path: reviewer.post(path, {"isApproved": True}).status_code,
                ]
            )

            request.refresh_from_db()
            outcome = (expired, approved, Status(request.status))
            assert outcome in {(1, 409, Status.CANCELLED), (0, 204, Status.APPROVED)}, number
            written = ChangeSet.objects.filter(change_request=request).count()
            assert written == int(approved == 204)
