"""What waits for a key, on the page of a contact (V2-V6)."""

import re

import pytest
from django.test import Client

from config.common.models import OutboxMessage
from contacts.models import Contact, Member
from tests.back_office.conftest import SignIn
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, wrong_key
from tests.factories.schemas import tiny_details
from tests.factories.submissions import submit

NEW = "new@example.com"


@pytest.fixture
def contact(world: World) -> Contact:
    made = world.contact({**tiny_details(), "channels": {"email": "ada@example.com"}})
    submit(world.actor(world.anna), made, {"channels": {"email": NEW}})
    return made


def page_of(contact: Contact) -> str:
    return f"/admin/contacts/contact/{contact.pk}/change/"


def act(client: Client, contact: Contact, action: str, channel: str = "Email", **form: str) -> str:
    path = f"/admin/contacts/contact/{contact.pk}/waiting/{channel}/{action}/"
    answer = client.post(path, form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def waiting(contact: Contact) -> list[str]:
    return list(contact.pending_channels.values_list("value", flat=True))


def test_v1_the_page_shows_what_waits_and_never_its_key(anna: Client, contact: Contact) -> None:
    text = anna.get(page_of(contact)).content.decode()

    assert NEW in text
    assert "0 / 5" in text
    assert latest_key(contact) not in re.findall(r"\w+", text)


def test_v5_the_right_key_confirms_the_value(anna: Client, contact: Contact) -> None:
    assert "not the key that was sent" in act(anna, contact, "verify", key=wrong_key(contact))
    assert "1 / 5" in anna.get(page_of(contact)).content.decode()

    text = act(anna, contact, "verify", key=f" {latest_key(contact)} ")

    assert "is confirmed" in text
    assert waiting(contact) == []
    assert Contact.objects.get(pk=contact.pk).details["channels"]["email"] == NEW


def test_v3_the_key_is_sent_again(anna: Client, contact: Contact) -> None:
    assert "Too many keys" in act(anna, contact, "resend")
    assert OutboxMessage.objects.count() == 1
    let_keys_age(seconds=61)

    assert "on its way" in act(anna, contact, "resend")

    assert OutboxMessage.objects.count() == 2
    assert "Nothing waits for a key" in act(anna, contact, "resend", "Mobile")


def test_v6_the_value_is_given_up(anna: Client, contact: Contact) -> None:
    assert "was given up" in act(anna, contact, "discontinue")

    assert waiting(contact) == []
    assert "Waiting for verification" not in anna.get(page_of(contact)).content.decode()


def test_a1_who_may_not_change_contacts_finds_no_buttons(
    world: World, contact: Contact, sign_in: SignIn
) -> None:
    world.anna.user_permissions.remove(
        *world.anna.user_permissions.filter(codename="change_contact")
    )
    anna = sign_in(Member.objects.get(pk=world.anna.pk))
    path = f"/admin/contacts/contact/{contact.pk}/waiting/Email/discontinue/"

    assert "Give up" not in anna.get(page_of(contact)).content.decode()
    assert anna.post(path).status_code == 403
    assert waiting(contact) == [NEW]


def test_a2_actions_out_of_reach_or_without_a_channel_are_not_found(
    world: World, anna: Client, contact: Contact, sign_in: SignIn
) -> None:
    path = f"/admin/contacts/contact/{contact.pk}/waiting"

    assert sign_in(world.carl).post(f"{path}/Email/discontinue/").status_code == 404
    assert anna.post(f"{path}/Fax/discontinue/").status_code == 404
    assert anna.get(f"{path}/Email/discontinue/").status_code == 405
    assert (
        sign_in(world.anna, enforce_csrf_checks=True).post(f"{path}/Email/discontinue/").status_code
        == 403
    )
    assert waiting(contact) == [NEW]
