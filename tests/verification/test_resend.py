"""Another key for a value that waits, or giving it up (V3)."""

import pytest

from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox.delivery import outbox_deliver
from contacts.models import Contact, PendingChannel
from tests.factories.api import Api, details_path, verification_path
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, messages, requests_of, wrong_key
from tests.factories.providers import MailServer
from tests.verification.conftest import (
    MOBILE,
    NEW,
    STORED,
    ask,
    attempts,
    discontinue,
    make,
    pending,
    refusal,
    resend,
    retry_after,
    stored_email,
    verify,
)


# --- Resend ------------------------------------------------------------------------------------
def test_v3_a_resend_makes_another_key_and_voids_the_old_one(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    old = latest_key(contact)
    let_keys_age(seconds=61)

    response = resend(world.api(world.petra), contact)

    new = latest_key(contact)
    assert (response.status_code, response.content) == (204, b"")
    if new != old:
        assert refusal(verify(anna, contact, old)) == (422, "KeyNoMatch")
    assert verify(anna, contact, new).status_code == 204
    resent = AuditEvent.objects.get(operation="resendChannelKey")
    assert (resent.member, resent.object_id) == (world.petra, str(contact.pk))


def test_v3_the_message_with_the_void_key_does_not_go_out_any_more(
    anna: Api, contact: Contact, mailbox: MailServer
) -> None:
    ask(anna, contact)
    let_keys_age(seconds=61)
    resend(anna, contact)

    outbox_deliver()

    assert list(OutboxMessage.objects.order_by("pk").values_list("state", flat=True)) == [
        "Cancelled",
        "Sent",
    ]
    assert mailbox.recipients == [NEW]


def test_v3_a_resend_waits_for_sixty_seconds(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key = latest_key(contact)
    let_keys_age(seconds=59)

    response = resend(anna, contact)

    assert refusal(response) == (429, "NA")
    assert retry_after(response) == 1
    assert [each["parameters"]["key"] for each in messages(contact)] == [key]
    let_keys_age(seconds=1)
    assert resend(anna, contact).status_code == 204


def test_vk09_five_resends_and_no_more(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    answers = []
    for _ in range(6):
        let_keys_age(seconds=61)
        answers.append(resend(anna, contact))

    assert [answer.status_code for answer in answers] == [204] * 5 + [429]
    assert retry_after(answers[-1]) == 24 * 3600
    assert OutboxMessage.objects.count() == 6
    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_vk09_in_a_hurry_nothing_is_sent_again(anna: Api, contact: Contact) -> None:
    ask(anna, contact)

    answers = [resend(anna, contact) for _ in range(6)]

    assert {answer.status_code for answer in answers} == {429}
    assert {retry_after(answer) for answer in answers} == {60}
    assert OutboxMessage.objects.count() == 1


def test_vk09_an_address_gets_its_share_whoever_asks(
    world: World, anna: Api, settings: object
) -> None:
    settings.VERIFICATION_KEYS_PER_ADDRESS_AND_HOUR = 10
    contacts = [make(world, f"contact{number}@example.com") for number in range(11)]

    answers = [ask(anna, contact) for contact in contacts]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert retry_after(answers[-1]) == 3600
    assert pending(contacts[-1]) is None
    assert requests_of(contacts[-1]) == 0
    assert OutboxMessage.objects.count() == 10

    let_keys_age(minutes=1)
    refused = resend(anna, contacts[0])
    assert refusal(refused) == (429, "NA")
    assert retry_after(refused) == 3540
    let_keys_age(minutes=59)
    assert resend(anna, contacts[0]).status_code == 204


def test_vk09_two_contacts_get_an_address_no_more_than_one(world: World, anna: Api) -> None:
    contacts = [make(world, f"contact{number}@example.com") for number in range(2)]
    answers = [ask(anna, contact) for contact in contacts]
    for _ in range(3):
        let_keys_age(seconds=61)
        answers += [resend(anna, contact) for contact in contacts]

    assert [answer.status_code for answer in answers] == [200, 200, 204, 204, 204, 204, 429, 429]
    assert {retry_after(answer) for answer in answers[-2:]} == {3600 - 3 * 61}
    assert OutboxMessage.objects.count() == 6


def test_vk09_giving_values_up_gives_an_address_no_further_share(
    world: World, anna: Api, settings: object
) -> None:
    settings.VERIFICATION_KEYS_PER_ADDRESS_AND_HOUR = 3
    spellings = ("new@example.com", "New@example.com", "NEW@example.com", "nEw@example.com")
    contacts = [make(world, f"contact{number}@example.com") for number in range(4)]

    answers = []
    for contact, spelling in zip(contacts, spellings, strict=True):
        answers.append(ask(anna, contact, spelling).status_code)
        discontinue(anna, contact)

    assert answers == [200, 200, 200, 429]
    assert OutboxMessage.objects.count() == 3


def test_vk03_a_resend_does_not_reset_the_attempts(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    for _ in range(4):
        verify(anna, contact, wrong_key(contact))
    let_keys_age(seconds=61)
    resend(anna, contact)

    assert refusal(verify(anna, contact, wrong_key(contact))) == (422, "KeyNoMatch")
    assert refusal(verify(anna, contact, latest_key(contact))) == (422, "KeyExpired")
    assert (stored_email(contact), attempts(contact)) == (STORED, 5)


def test_v2_once_used_up_a_resend_does_not_help(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    for _ in range(5):
        verify(anna, contact, wrong_key(contact))
    let_keys_age(seconds=61)

    assert refusal(resend(anna, contact)) == (422, "KeyExpired")
    assert OutboxMessage.objects.count() == 1


def test_v3_a_resend_revives_an_expired_key(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    let_keys_age(minutes=11)
    assert refusal(verify(anna, contact, latest_key(contact))) == (422, "KeyExpired")

    assert resend(anna, contact).status_code == 204

    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_v3_a_value_that_never_got_a_key_can_get_one(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    PendingChannel.objects.update(
        key_hash=None, key_expires_at=None, last_message_at=None, messages=0
    )
    assert refusal(verify(anna, contact, latest_key(contact))) == (422, "KeyExpired")

    assert resend(anna, contact).status_code == 204

    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_v3_nothing_pending_is_nothing_to_send(anna: Api, contact: Contact) -> None:
    assert refusal(resend(anna, contact)) == (422, "NothingPending")
    assert not OutboxMessage.objects.exists()
    assert not AuditEvent.objects.filter(operation="resendChannelKey").exists()


def test_vk10_resend_out_of_reach_is_not_found(world: World, anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    let_keys_age(seconds=61)

    assert refusal(resend(world.api(world.carl), contact)) == (404, "NA")
    assert refusal(discontinue(world.api(world.carl), contact)) == (404, "NA")
    assert pending(contact) == NEW


def test_d10_a_resend_that_is_retried_sends_once(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    let_keys_age(seconds=61)

    answers = [resend(anna, contact, Idempotency_Key="again") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("action", ["resend", "discontinue"])
def test_v3_malformed_bodies_are_refused(anna: Api, contact: Contact, action: str) -> None:
    for body in ({}, {"channel": None}, {"channel": "Fax"}, {"channel": "Email", "key": "1"}, []):
        response = anna.post(verification_path(contact.pk, action), body)
        assert response.status_code == 400


# --- Discontinue -------------------------------------------------------------------------------
def test_vk08_discontinue_removes_value_and_key(
    world: World, anna: Api, contact: Contact, mailbox: MailServer
) -> None:
    ask(anna, contact)
    key = latest_key(contact)

    response = discontinue(world.api(world.petra), contact)
    outbox_deliver()

    assert (response.status_code, response.content) == (204, b"")
    assert pending(contact) is None
    assert b'"hasPendingEmail":false' in anna.get(details_path(contact.pk)).content
    assert refusal(verify(anna, contact, key)) == (422, "KeyNoMatch")
    assert mailbox.emails == []
    event = AuditEvent.objects.get(operation="discontinueChannelVerification")
    assert (event.member, event.fields) == (world.petra, ["channels.email"])


def test_vk08_discontinue_with_nothing_pending_does_nothing(anna: Api, contact: Contact) -> None:
    before = AuditEvent.objects.count()

    assert discontinue(anna, contact).status_code == 204
    assert AuditEvent.objects.count() == before


def test_v6_discontinue_leaves_the_other_channel(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    anna.patch(details_path(contact.pk), {"details": {"channels": {"mobile": MOBILE}}})

    discontinue(anna, contact, "Mobile", Idempotency_Key="once")
    again = discontinue(anna, contact, "Mobile", Idempotency_Key="once")

    assert again["Idempotency-Replayed"] == "true"
    assert (pending(contact), pending(contact, "Mobile")) == (NEW, None)
