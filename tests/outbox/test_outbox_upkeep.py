"""What people and jobs do with messages: cancel, try again, erase, purge (V7)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from config.common.actors import Actor
from config.common.exceptions import NotFound
from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox import (
    Channel,
    outbox_cancel,
    outbox_cancel_about,
    outbox_erase,
    outbox_retry,
)
from config.common.outbox import services as outbox_services
from config.common.outbox.delivery import outbox_deliver
from config.common.outbox.providers import Outgoing
from config.common.outbox.providers.gateway import GatewayProvider
from config.common.outbox.services import MessageNotWaiting, outbox_purge
from config.common.tasks import outbox_purge_task
from tests.factories.fixtures import World
from tests.factories.providers import Gateway, MailServer
from tests.outbox.messages import add, let_pass, states


# --- What people and jobs do -------------------------------------------------------------------
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
    monkeypatch.setattr(outbox_services, "_PURGE_BATCH", 1)
    outbox_purge_task.apply().get()
    failed.refresh_from_db()
    assert failed.sealed is None

    let_pass(days=30)
    assert outbox_purge() == 1
    assert list(OutboxMessage.objects.all()) == [waiting]


# --- Texts -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_v6_nothing_overtaken_cancels_nothing() -> None:
    add(about="pendingChannel 1")

    outbox_cancel_about()

    assert states() == [("Pending", 0, "")]
