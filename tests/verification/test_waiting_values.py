"""What submissions do to a value that waits (V1, V2, V6)."""

from datetime import timedelta

from django.db.models.functions import Now

from config.common.models import AuditEvent
from config.common.outbox.delivery import outbox_deliver
from contacts.models import Contact, PendingChannel
from tests.factories.api import Api, details_path
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, messages, requests_of, wrong_key
from tests.factories.providers import MailServer
from tests.verification.conftest import (
    MOBILE,
    NEW,
    OTHER,
    STORED,
    ask,
    attempts,
    discontinue,
    pending,
    refusal,
    retry_after,
    stored_email,
    verify,
)


def test_v1_sending_the_waiting_value_again_sends_no_key(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key = latest_key(contact)

    ask(anna, contact)

    assert [each["parameters"]["key"] for each in messages(contact)] == [key]
    assert verify(anna, contact, key).status_code == 204


def test_v2_once_used_up_the_same_value_is_a_new_submission(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    for _ in range(5):
        verify(anna, contact, wrong_key(contact))

    assert ask(anna, contact).status_code == 200

    assert attempts(contact) == 0
    assert requests_of(contact) == 2
    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_v3_an_expired_key_without_resends_leaves_the_same_value_a_new_submission(
    anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    PendingChannel.objects.update(messages=6)
    ask(anna, contact)
    assert requests_of(contact) == 1
    let_keys_age(minutes=11)

    ask(anna, contact)

    assert requests_of(contact) == 2
    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_v2_five_values_a_day_and_no_more(anna: Api, contact: Contact) -> None:
    answers = [ask(anna, contact, f"new{number}@example.com") for number in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert retry_after(answers[-1]) == 24 * 3600
    assert pending(contact) == "new4@example.com"
    mobile = {"details": {"channels": {"mobile": MOBILE}}}
    assert anna.patch(details_path(contact.pk), mobile).status_code == 200


def test_v2_giving_up_does_not_reset_the_day(anna: Api, contact: Contact) -> None:
    for number in range(5):
        ask(anna, contact, f"new{number}@example.com")
        discontinue(anna, contact)

    body = {"details": {"channels": {"email": NEW}, "person": {"nickname": "x"}}}
    response = anna.patch(details_path(contact.pk), body)

    assert response.status_code == 429
    assert pending(contact) is None
    assert "nickname" not in Contact.objects.get(pk=contact.pk).details["person"]


def test_v2_a_day_later_values_can_wait_again(anna: Api, contact: Contact) -> None:
    for hours in (23, 25, 25, 25, 25):
        AuditEvent.objects.create(
            operation="requestEmail",
            object_type="contact",
            object_id=str(contact.pk),
            correlation_id="0" * 32,
            created_at=Now() - timedelta(hours=hours),
        )

    answers = [ask(anna, contact, f"new{number}@example.com") for number in range(5)]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert retry_after(answers[-1]) == 3600


def test_v6_another_value_voids_the_key_and_its_message(
    anna: Api, contact: Contact, mailbox: MailServer
) -> None:
    ask(anna, contact)
    old = latest_key(contact)

    ask(anna, contact, OTHER)
    outbox_deliver()

    assert mailbox.recipients == [OTHER]
    key = next(filter(str.isdigit, map(str.strip, mailbox.emails[0].splitlines())))
    if old != key:
        assert refusal(verify(anna, contact, old)) == (422, "KeyNoMatch")
    assert verify(anna, contact, key).status_code == 204
    assert stored_email(contact) == OTHER


def test_vk17_sending_the_verified_value_leaves_a_pending_one_alone_and_sends_no_key(
    anna: Api, contact: Contact
) -> None:
    ask(anna, contact)

    ask(anna, contact, STORED)

    assert pending(contact) == NEW
    assert [each["recipient"] for each in messages(contact)] == [NEW]


def test_v1_an_applied_write_drops_what_waits_and_its_key(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    key = latest_key(contact)
    path = f"{details_path(contact.pk)}?skipVerification=true"

    world.api().patch(path, {"details": {"channels": {"email": OTHER}}})

    assert (stored_email(contact), pending(contact)) == (OTHER, None)
    assert refusal(verify(anna, contact, key)) == (422, "KeyNoMatch")
