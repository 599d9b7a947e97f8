"""Messages are sent after commit, at least once, and tried again with pauses (V7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from structlog.testing import capture_logs

from config.common.models import OutboxMessage
from config.common.outbox import Channel, outbox_erase
from config.common.outbox.delivery import outbox_deliver
from config.common.outbox.providers import Outgoing
from config.common.outbox.templates import render
from config.common.tasks import outbox_deliver_task
from tests.factories.providers import MailServer
from tests.factories.threads import Racers
from tests.outbox.messages import ADDRESS, add, let_pass, states


def test_v7_a_sent_message_is_emptied(db: None, mailbox: MailServer) -> None:
    add()
    add(channel=Channel.EMAIL, recipient="ben@example.com")

    assert outbox_deliver() == 2

    assert mailbox.recipients == [ADDRESS, "ben@example.com"]
    assert states() == [("Sent", 1, ""), ("Sent", 1, "")]
    for message in OutboxMessage.objects.all():
        assert message.sealed is None
        assert message.finished_at is not None
    assert outbox_deliver() == 0
    assert len(mailbox.emails) == 2


def test_v7_a_provider_that_is_away_is_tried_again_later(
    stopped_clock: None, mailbox: MailServer
) -> None:
    mailbox.refusals["MAIL"] = "451 not now"
    message = add()
    pauses = []

    for _ in range(4):
        outbox_deliver()
        message.refresh_from_db()
        pauses.append((message.next_attempt_at - _now()).total_seconds())
        assert outbox_deliver() == 0
        let_pass(seconds=pauses[-1])
    mailbox.refusals.clear()
    outbox_deliver()

    for pause, expected in zip(pauses, [5, 10, 20, 40], strict=True):
        assert expected <= pause <= expected * 1.1
    assert states() == [("Sent", 5, "")]
    assert len(mailbox.emails) == 1


def _now() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


class BrokenProvider:
    """A provider of others with a mistake in it."""

    def send(self, message: Outgoing) -> None:
        raise RuntimeError(f"cannot reach {message.recipient}")


def test_v7_a_provider_that_breaks_is_tried_again_and_holds_up_nothing(
    stopped_clock: None, settings: Any, mailbox: MailServer
) -> None:
    working = settings.MESSAGE_PROVIDERS
    settings.MESSAGE_PROVIDERS = {
        **working,
        Channel.MOBILE: f"{__name__}.{BrokenProvider.__name__}",
    }
    message = add(channel=Channel.MOBILE, recipient="+41791234567")
    add()

    with capture_logs() as lines:
        assert outbox_deliver() == 2

    assert states() == [("Pending", 1, "RuntimeError"), ("Sent", 1, "")]
    message.refresh_from_db()
    assert 5 <= (message.next_attempt_at - _now()).total_seconds() <= 5.5
    let_pass(seconds=6)
    assert outbox_deliver() == 1
    message.refresh_from_db()
    assert 10 <= (message.next_attempt_at - _now()).total_seconds() <= 11
    assert states()[0] == ("Pending", 2, "RuntimeError")
    (logged,) = [line for line in lines if line["event"] == "message_raised"]
    assert logged["message"] == message.pk
    assert logged["exception"].startswith("builtins.RuntimeError at ")
    assert "+41791234567" not in str(lines)


def test_v7_pauses_have_a_cap_and_end_with_the_message(stopped_clock: None, settings: Any) -> None:
    message = add(lifetime=timedelta(hours=48))
    OutboxMessage.objects.update(attempts=40)

    outbox_deliver()

    message.refresh_from_db()
    assert 900 <= (message.next_attempt_at - _now()).total_seconds() <= 990
    assert states() == [("Pending", 41, "NotConfigured")]

    OutboxMessage.objects.update(next_attempt_at=Now(), expires_at=Now() + timedelta(seconds=60))
    outbox_deliver()

    message.refresh_from_db()
    assert message.next_attempt_at == message.expires_at


def test_v7_a_message_that_had_its_time_is_given_up(db: None, mailbox: MailServer) -> None:
    message = add(lifetime=timedelta(minutes=10))
    let_pass(minutes=10)

    outbox_deliver()

    assert states() == [("Failed", 1, "Expired")]
    message.refresh_from_db()
    assert message.sealed is None
    assert mailbox.emails == []


def test_v7_a_killed_worker_loses_its_message_to_the_next(
    db: None, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = add()

    with monkeypatch.context() as patch:
        patch.setattr("config.common.outbox.delivery._finish", _killed)
        with pytest.raises(KeyboardInterrupt):
            outbox_deliver()
    assert states() == [("Sending", 1, "")]
    assert outbox_deliver() == 0
    let_pass(seconds=121)
    assert outbox_deliver() == 1

    assert states() == [("Sent", 2, "")]
    assert len(mailbox.emails) == 2
    for email in mailbox.emails:
        assert f"Message-ID: <{message.message_id}@example.com>" in email


def _killed(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


def test_v7_one_message_is_claimed_at_a_time_whatever_statistics_say(
    db: None, mailbox: MailServer
) -> None:
    add()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE common_outboxmessage")
    for _ in range(3):
        add()

    assert outbox_deliver() == 4

    assert states() == [("Sent", 1, "")] * 4


def test_v7_who_lost_a_claim_writes_nothing(
    db: None, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = add()

    def overtaken(*args: Any) -> Any:
        outbox_erase(contact_ids=[9])
        return render(*args)

    OutboxMessage.objects.update(contact_id=9)
    monkeypatch.setattr("config.common.outbox.delivery.render", overtaken)
    outbox_deliver()

    message.refresh_from_db()
    assert (message.state, message.sealed, message.recipient_hint) == ("Cancelled", None, "")


def test_v7_no_lock_is_held_while_the_provider_works(
    transactional_db: None, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    seen: list[bool] = []

    def looking(*args: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return render(*args)

    monkeypatch.setattr("config.common.outbox.delivery.render", looking)
    outbox_deliver()

    assert seen == [False]


def test_v7_workers_at_the_same_time_send_each_message_once(
    transactional_db: None, mailbox: MailServer
) -> None:
    for number in range(12):
        add(recipient=f"contact{number}@example.com")

    with Racers(3) as racers:
        taken = racers.run([outbox_deliver] * 3)

    assert sum(taken) == 12
    assert sorted(mailbox.recipients) == sorted(
        f"contact{number}@example.com" for number in range(12)
    )
    assert states() == [("Sent", 1, "")] * 12


def test_v7_content_sealed_with_a_lost_key_fails_for_good(db: None, settings: Any) -> None:
    add()
    settings.SECRET_KEY = "another-secret-key-that-signs-nothing-of-value-0123456"

    outbox_deliver()

    assert states() == [("Failed", 1, "Unreadable")]


def test_v7_content_outlives_a_change_of_the_secret_key(
    db: None, settings: Any, mailbox: MailServer
) -> None:
    add()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-that-signs-nothing-of-value-0123456"

    outbox_deliver()

    assert states() == [("Sent", 1, "")]


def test_v7_a_full_batch_asks_for_more(
    db: None, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.common.outbox.delivery.BATCH", 2)
    monkeypatch.setattr("config.common.tasks.BATCH", 2)
    woken: list[str] = []
    monkeypatch.setattr("config.common.tasks.wake_deliverer", lambda: woken.append("woken"))
    for _ in range(3):
        add()

    outbox_deliver_task.apply().get()
    assert [state for state, *_ in states()] == ["Sent", "Sent", "Pending"]
    outbox_deliver_task.apply().get()

    assert [state for state, *_ in states()] == ["Sent", "Sent", "Sent"]
    assert woken == ["woken"]
