"""The outbox in the back office: states without contents (V7)."""

import pytest
from django.test import Client

from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox import Channel, Message, outbox_add
from config.common.outbox.delivery import outbox_deliver
from contacts.models import Member
from tests.back_office.conftest import SignIn, grant
from tests.factories.fixtures import World
from tests.factories.providers import MailServer

MESSAGES = "/admin/common/outboxmessage/"


def page_of(message: OutboxMessage) -> str:
    return f"{MESSAGES}{message.pk}/change/"


def add(recipient: str = "ada@example.com", **options: object) -> OutboxMessage:
    parameters = {"key": "012345", "minutes": 10}
    values = {"kind": "channelKey", "channel": Channel.EMAIL, "parameters": parameters, **options}
    return outbox_add(Message(recipient=recipient, **values))


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


@pytest.fixture
def staff(admin: Member, sign_in: SignIn) -> Client:
    return sign_in(admin)


def listed(client: Client, **query: str) -> list[int]:
    return [row.pk for row in client.get(MESSAGES, query).context["cl"].result_list]


def test_v7_the_pages_show_states_and_never_a_key_or_an_address(staff: Client) -> None:
    message = add(contact_id=7)

    for path in (MESSAGES, page_of(message)):
        answer = staff.get(path)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "a•••@e•••.com" in text
        assert "Confirmation key" in text
        assert "Waiting" in text
        for secret in ("012345", "ada@example.com", bytes(message.sealed).decode()):
            assert secret not in text


def test_v7_messages_are_filtered_and_found(staff: Client, mailbox: MailServer) -> None:
    sent = add(contact_id=7)
    outbox_deliver()
    waiting = add("+41791234567", channel=Channel.MOBILE, contact_id=8)
    told = add(kind="channelChanged", parameters={})

    assert listed(staff) == [told.pk, waiting.pk, sent.pk]
    assert listed(staff, state="Sent") == [sent.pk]
    assert listed(staff, channel="Mobile") == [waiting.pk]
    assert listed(staff, kind="channelChanged") == [told.pk]
    assert listed(staff, kind="nonsense") == [told.pk, waiting.pk, sent.pk]
    assert listed(staff, q="8") == [waiting.pk]
    assert listed(staff, q="ada") == []


def test_v7_sealed_content_cannot_be_read_out_through_the_address(staff: Client) -> None:
    add()

    assert staff.get(MESSAGES, {"sealed__startswith": "g"}).status_code == 400


def test_v7_a_failed_message_is_tried_again(staff: Client, mailbox: MailServer) -> None:
    mailbox.refusals["RCPT"] = "550 nobody here"
    message = add()
    outbox_deliver()
    assert state(message) == "Failed"
    assert "Try again now" in staff.get(page_of(message)).content.decode()

    answer = staff.post(f"{MESSAGES}{message.pk}/retry/", follow=True)

    assert "tried again at once" in answer.content.decode()
    assert state(message) == "Pending"
    assert AuditEvent.objects.latest("pk").operation == "retryMessage"


def test_v7_a_waiting_message_is_cancelled(staff: Client) -> None:
    message = add()

    answer = staff.post(f"{MESSAGES}{message.pk}/cancel/", follow=True)

    assert "The message was cancelled." in answer.content.decode()
    assert state(message) == "Cancelled"
    assert AuditEvent.objects.latest("pk").operation == "cancelMessage"
    again = staff.post(f"{MESSAGES}{message.pk}/cancel/", follow=True)
    assert "moved on in the meantime" in again.content.decode()


def test_a1_messages_take_permissions(world: World, sign_in: SignIn) -> None:
    message = add()
    anna = sign_in(world.anna)
    assert anna.get(MESSAGES).status_code == 403
    assert anna.post(f"{MESSAGES}{message.pk}/cancel/").status_code == 404

    grant(world.anna, "view_outboxmessage")
    anna = sign_in(Member.objects.get(pk=world.anna.pk))
    page = anna.get(page_of(message))
    assert "Do not send it" not in page.content.decode()
    assert anna.post(f"{MESSAGES}{message.pk}/cancel/").status_code == 403
    assert anna.get(f"{MESSAGES}add/").status_code == 403
    assert anna.post(page_of(message), {"state": "Sent"}).status_code == 403

    grant(world.anna, "change_outboxmessage")
    anna = sign_in(Member.objects.get(pk=world.anna.pk))
    assert "Do not send it" in anna.get(page_of(message)).content.decode()
    assert anna.post(f"{MESSAGES}{message.pk}/cancel/").status_code == 302
    assert anna.post(f"{MESSAGES}999999/cancel/").status_code == 404
    assert anna.get(f"{MESSAGES}{message.pk}/cancel/").status_code == 405
    assert state(message) == "Cancelled"


def test_v7_actions_take_the_form_of_the_page(admin: Member, sign_in: SignIn) -> None:
    message = add()
    strict = sign_in(admin, enforce_csrf_checks=True)

    assert strict.post(f"{MESSAGES}{message.pk}/cancel/").status_code == 403
    assert state(message) == "Pending"


def test_v7_a_kind_that_is_gone_is_shown_by_its_name(staff: Client) -> None:
    message = add()
    OutboxMessage.objects.update(kind="ofYore")

    assert "ofYore" in staff.get(page_of(message)).content.decode()


def test_v7_the_pages_speak_the_readers_language(staff: Client) -> None:
    message = add()
    staff.cookies["django_language"] = "de"

    for path in (MESSAGES, page_of(message)):
        text = staff.get(path).content.decode()
        for word in ("Nachrichten", "Bestätigungsschlüssel", "Wartet", "Empfänger", "Versuche"):
            assert word in text
