"""The outbox: written with what it belongs to, sent after commit, at least once (V7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from structlog.testing import capture_logs

from config.common.actors import Actor
from config.common.exceptions import NotFound
from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox import (
    Channel,
    Message,
    MessageTemplate,
    outbox_add,
    outbox_cancel,
    outbox_cancel_about,
    outbox_erase,
    outbox_retry,
)
from config.common.outbox import services as outbox_services
from config.common.outbox.delivery import outbox_deliver
from config.common.outbox.providers import Outgoing
from config.common.outbox.providers.gateway import GatewayProvider
from config.common.outbox.services import MessageNotWaiting, masked, outbox_purge
from config.common.outbox.templates import message_language, render
from config.common.tasks import outbox_deliver_task, outbox_purge_task
from tests.factories.fixtures import World
from tests.factories.providers import Gateway, MailServer
from tests.factories.threads import Racers

ADDRESS = "ada@example.com"
OnCommit = Callable[..., Any]


def add(**changes: Any) -> OutboxMessage:
    """A message with a key; fields as they are told."""
    values: dict[str, Any] = {
        "kind": "channelKey",
        "channel": Channel.EMAIL,
        "recipient": ADDRESS,
        "parameters": {"key": "012345", "minutes": 10},
    }
    return outbox_add(Message(**{**values, **changes}))


def states() -> list[tuple[str, int, str]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("state", "attempts", "error"))


def let_pass(**time: float) -> None:
    """All messages as they are after some time: their moments lie so much further back."""
    passed = timedelta(**time)
    OutboxMessage.objects.update(
        next_attempt_at=F("next_attempt_at") - passed,
        expires_at=F("expires_at") - passed,
        finished_at=F("finished_at") - passed,
    )


# --- Adding ------------------------------------------------------------------------------------
def test_v7_a_message_is_stored_sealed(db: None) -> None:
    message = add(language="de-CH", contact_id=7, about="pendingChannel 1")

    message.refresh_from_db()
    assert (message.state, message.attempts, message.language) == ("Pending", 0, "de")
    assert (message.contact_id, message.about) == (7, "pendingChannel 1")
    assert message.recipient_hint == "a•••@e•••.com"
    content = bytes(message.sealed or b"")
    assert ADDRESS.encode() not in content
    assert b"012345" not in content
    assert message.expires_at - message.created_at == timedelta(hours=72)
    assert str(message) == f"channelKey {message.pk}"


def test_v7_a_message_that_no_template_allows_is_a_mistake(db: None) -> None:
    with pytest.raises(LookupError):
        add(kind="unheardOf")
    with pytest.raises(ValueError, match="other parameters"):
        add(parameters={"key": "012345"})

    assert not OutboxMessage.objects.exists()


def test_v7_a_channel_that_the_template_has_no_text_for_is_a_mistake(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_only = MessageTemplate("channelKey", (Channel.MOBILE,), ("key", "minutes"))
    monkeypatch.setattr(outbox_services, "template_of", lambda kind: short_only)

    with pytest.raises(ValueError, match="do not go by Email"):
        add()

    assert not OutboxMessage.objects.exists()


def test_v7_a_message_goes_with_its_transaction(transactional_db: None) -> None:
    with transaction.atomic():
        add()
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


def test_v7_a_worker_is_woken_once_a_transaction(
    db: None, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        add()
        add()

    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("wanted", "written"),
    [("fr", "fr"), ("DE", "de"), ("fr-CH", "fr"), ("xx", "en"), (None, "en"), ("", "en")],
)
def test_v7_messages_fall_back_to_the_default_language(wanted: str | None, written: str) -> None:
    assert message_language(wanted) == written


@pytest.mark.parametrize(
    ("recipient", "shown"),
    [
        ("ada@example.com", "a•••@e•••.com"),
        ("a@localhost", "a•••@•••localhost"),
        ("+41791234567", "•••67"),
    ],
)
def test_v7_recipients_are_shown_masked(recipient: str, shown: str) -> None:
    assert masked(recipient) == shown


def test_v7_unsent_messages_cannot_lose_their_content(db: None) -> None:
    message = add()

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(sealed=None)


# --- Delivery ----------------------------------------------------------------------------------
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


def test_v7_a_provider_that_is_away_is_tried_again_later(db: None, mailbox: MailServer) -> None:
    mailbox.refusals["MAIL"] = "451 not now"
    message = add()
    pauses = []

    for _ in range(4):
        outbox_deliver()
        message.refresh_from_db()
        pauses.append((message.next_attempt_at - _now()).total_seconds())
        assert outbox_deliver() == 0
        let_pass(seconds=pauses[-1] + 1)
    mailbox.refusals.clear()
    outbox_deliver()

    for pause, expected in zip(pauses, [5, 10, 20, 40], strict=True):
        assert expected - 1 <= pause <= expected * 1.1
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
    db: None, settings: Any, mailbox: MailServer
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
    assert 4 <= (message.next_attempt_at - _now()).total_seconds() <= 6
    let_pass(seconds=6)
    assert outbox_deliver() == 1
    message.refresh_from_db()
    assert 9 <= (message.next_attempt_at - _now()).total_seconds() <= 11
    assert states()[0] == ("Pending", 2, "RuntimeError")
    (logged,) = [line for line in lines if line["event"] == "message_raised"]
    assert logged["message"] == message.pk
    assert logged["exception"].startswith("builtins.RuntimeError at ")
    assert "+41791234567" not in str(lines)


def test_v7_pauses_have_a_cap_and_end_with_the_message(db: None, settings: Any) -> None:
    message = add(lifetime=timedelta(hours=48))
    OutboxMessage.objects.update(attempts=40)

    outbox_deliver()

    message.refresh_from_db()
    assert 890 <= (message.next_attempt_at - _now()).total_seconds() <= 990
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


# --- What people and jobs do ------------------------------------------------------------------
def test_v7_what_is_overtaken_is_cancelled(db: None, mailbox: MailServer) -> None:
    old, other = add(about="pendingChannel 1"), add(about="pendingChannel 2")

    outbox_cancel_about("pendingChannel 1")
    outbox_deliver()

    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.state, old.sealed, old.attempts) == ("Cancelled", None, 0)
    assert other.state == "Sent"


def test_v7_what_is_overtaken_while_it_is_sent_is_not_tried_again(
    db: None, sms_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = add(about="pendingChannel 1", channel=Channel.MOBILE, recipient="+41791234567")
    sms_gateway.answers = [503]
    send = GatewayProvider.send

    def send_and_overtake(self: GatewayProvider, outgoing: Outgoing) -> None:
        outbox_cancel_about("pendingChannel 1")
        send(self, outgoing)

    monkeypatch.setattr(GatewayProvider, "send", send_and_overtake)
    outbox_deliver()
    outbox_deliver()

    message.refresh_from_db()
    assert (message.state, message.error, message.sealed) == ("Failed", "Expired", None)
    assert len(sms_gateway.requests) == 1


def test_v7_what_is_overtaken_after_it_failed_cannot_be_tried_again(
    world: World, mailbox: MailServer
) -> None:
    mailbox.refusals["RCPT"] = "550 nobody here"
    message = add(about="pendingChannel 1")
    outbox_deliver()

    outbox_cancel_about("pendingChannel 1")

    message.refresh_from_db()
    assert (message.state, message.error, message.sealed) == ("Failed", "Recipient550", None)
    with pytest.raises(MessageNotWaiting):
        outbox_retry(actor=world.actor(world.petra), message_id=message.pk)


def test_v7_a_waiting_message_can_be_cancelled_with_an_event(world: World) -> None:
    message = add()

    outbox_cancel(actor=world.actor(world.anna), message_id=message.pk)

    message.refresh_from_db()
    assert (message.state, message.sealed) == ("Cancelled", None)
    event = AuditEvent.objects.latest("pk")
    assert (event.operation, event.object_type, event.object_id, event.member) == (
        "cancelMessage",
        "message",
        str(message.pk),
        world.anna,
    )


def test_v7_a_failed_message_can_be_tried_again_with_an_event(
    world: World, mailbox: MailServer
) -> None:
    mailbox.refusals["RCPT"] = "550 nobody here"
    message = add()
    outbox_deliver()
    assert states() == [("Failed", 1, "Recipient550")]

    mailbox.refusals.clear()
    outbox_retry(actor=world.actor(world.anna), message_id=message.pk)
    outbox_deliver()

    assert states() == [("Sent", 2, "")]
    assert AuditEvent.objects.latest("pk").operation == "retryMessage"


def test_v7_a_waiting_message_can_be_tried_now(db: None, mailbox: MailServer) -> None:
    mailbox.refusals["MAIL"] = "451 not now"
    message = add()
    outbox_deliver()
    mailbox.refusals.clear()
    assert outbox_deliver() == 0

    outbox_retry(actor=Actor(), message_id=message.pk)

    assert outbox_deliver() == 1
    assert [state for state, *_ in states()] == ["Sent"]


@pytest.mark.parametrize("action", [outbox_cancel, outbox_retry])
def test_v7_what_was_sent_can_be_neither_cancelled_nor_tried_again(
    db: None, mailbox: MailServer, action: Callable[..., None]
) -> None:
    message = add()
    outbox_deliver()

    with pytest.raises(MessageNotWaiting):
        action(actor=Actor(), message_id=message.pk)
    with pytest.raises(NotFound):
        action(actor=Actor(), message_id=message.pk + 1)

    assert states() == [("Sent", 1, "")]
    assert not AuditEvent.objects.exists()


def test_v7_a_failed_message_that_was_emptied_stays_failed(db: None) -> None:
    message = add(lifetime=timedelta(minutes=10))
    let_pass(minutes=11)
    outbox_deliver()

    with pytest.raises(MessageNotWaiting):
        outbox_retry(actor=Actor(), message_id=message.pk)


def test_n2_erasure_empties_what_concerns_a_contact(db: None, mailbox: MailServer) -> None:
    sent = add(contact_id=7)
    outbox_deliver()
    waiting, other = add(contact_id=7), add(contact_id=8)

    outbox_erase(contact_ids=[7, 70])

    for message in (sent, waiting, other):
        message.refresh_from_db()
    assert (sent.state, sent.sealed, sent.recipient_hint) == ("Sent", None, "")
    assert (sent.recipient_hash, waiting.recipient_hash) == (None, None)
    assert (waiting.state, waiting.sealed, waiting.recipient_hint) == ("Cancelled", None, "")
    assert (other.state, other.recipient_hint) == ("Pending", "a•••@e•••.com")
    assert outbox_deliver() == 1


def test_v7_purging_empties_what_cannot_be_sent_and_removes_what_is_old(
    db: None, mailbox: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.refusals["RCPT"] = "550 nobody here"
    failed = add(lifetime=timedelta(minutes=10))
    outbox_deliver()
    assert outbox_purge() == 0
    failed.refresh_from_db()
    assert failed.sealed is not None

    let_pass(minutes=11)
    waiting = add()
    outbox_purge_task.apply().get()
    failed.refresh_from_db()
    assert failed.sealed is None

    let_pass(days=30)
    monkeypatch.setattr(outbox_services, "_PURGE_BATCH", 1)
    assert outbox_purge() == 1
    assert list(OutboxMessage.objects.all()) == [waiting]


# --- Texts -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "subject", "valid", "lang"),
    [
        ("en", "Your confirmation key", "It is valid for 10 minutes.", 'lang="en"'),
        ("de", "Ihr Bestätigungsschlüssel", "Er gilt 10 Minuten.", 'lang="de"'),
        ("fr", "Votre clé de confirmation", "Elle est valable 10 minutes.", 'lang="fr"'),
    ],
)
def test_v7_emails_come_as_text_and_html_in_three_languages(
    language: str, subject: str, valid: str, lang: str
) -> None:
    text = render("channelKey", "Email", language, {"key": "012345", "minutes": 10})

    assert text.subject == subject
    assert valid in text.text
    assert valid in text.html
    assert lang in text.html
    assert "012345" in text.text
    assert "012345" in text.html


def test_v7_values_are_escaped_in_html_only(settings: Any) -> None:
    settings.FIRM_NAME = "Smith & Sons"

    text = render("channelChanged", "Email", "en", {})

    assert text.text.endswith("Smith & Sons")
    assert "Smith &amp; Sons" in text.html


def test_v7_short_messages_are_short(sms_gateway: Gateway) -> None:
    for language in ("en", "de", "fr"):
        text = render("channelKey", "Mobile", language, {"key": "012345", "minutes": 10}).text
        assert "012345" in text
        assert len(text) <= 160


@pytest.mark.django_db
def test_v6_nothing_overtaken_cancels_nothing() -> None:
    add(about="pendingChannel 1")

    outbox_cancel_about()

    assert states() == [("Pending", 0, "")]
