"""Keys on their way through the providers (V7)."""

from datetime import UTC, datetime, timedelta

from config.common.models import OutboxMessage
from config.common.outbox.delivery import outbox_deliver
from contacts.models import Contact
from tests.factories.api import Api, details_path
from tests.factories.keys import latest_key
from tests.factories.providers import Gateway, MailServer
from tests.verification.conftest import MOBILE, NEW, ask, pending, verify


def test_vk16_a_provider_that_is_down_costs_nothing_but_time(
    anna: Api, contact: Contact, mailbox: MailServer
) -> None:
    mailbox.refusals["MAIL"] = "451 not now"

    assert ask(anna, contact).status_code == 200
    outbox_deliver()

    assert pending(contact) == NEW
    message = OutboxMessage.objects.get()
    assert (message.state, message.error, message.attempts) == ("Pending", "SMTPSenderRefused", 1)

    mailbox.refusals.clear()
    OutboxMessage.objects.update(next_attempt_at=message.created_at)
    outbox_deliver()
    outbox_deliver()

    assert len(mailbox.emails) == 1
    assert f"Message-ID: <{message.message_id}@" in mailbox.emails[0]


def test_vk16_keys_of_mobiles_go_by_the_gateway(
    anna: Api, contact: Contact, sms_gateway: Gateway
) -> None:
    sms_gateway.answers.append(503)
    anna.patch(details_path(contact.pk), {"details": {"channels": {"mobile": MOBILE}}})
    key = latest_key(contact, "Mobile")
    outbox_deliver()
    OutboxMessage.objects.update(next_attempt_at=datetime(2020, 1, 1, tzinfo=UTC))
    outbox_deliver()

    assert len(sms_gateway.requests) == 2
    assert len({headers["Idempotency-Key"] for headers, _ in sms_gateway.requests}) == 1
    assert key in sms_gateway.requests[1][1]
    assert verify(anna, contact, key, "Mobile").status_code == 204


def test_vk16_a_key_that_had_its_time_is_never_sent(
    anna: Api, contact: Contact, mailbox: MailServer
) -> None:
    ask(anna, contact)
    message = OutboxMessage.objects.get()
    assert message.expires_at - message.created_at == timedelta(minutes=10)
    OutboxMessage.objects.update(expires_at=message.created_at)

    outbox_deliver()

    assert mailbox.emails == []
    assert OutboxMessage.objects.get().error == "Expired"
