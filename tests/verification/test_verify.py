"""Confirming a value by its key (V1, V2, V5)."""

import json
from functools import partial

import orjson
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.common.exceptions import NotFound
from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox.delivery import outbox_deliver
from contacts.models import ChangeSet, Contact, PendingChannel
from contacts.services.verification import channel_discontinue
from contacts.targets import CONTACT, TargetRef
from crmschema.services import schema_save
from tests.factories.api import Api, details_path
from tests.factories.contacts import make_list
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, wrong_key
from tests.factories.providers import Gateway, MailServer
from tests.factories.schemas import form, select, tiny_components, tiny_details
from tests.factories.submissions import folded
from tests.verification.conftest import (
    MOBILE,
    NEW,
    OTHER,
    STORED,
    ask,
    attempts,
    discontinue,
    make,
    pending,
    refusal,
    resend,
    stored_email,
    verify,
    versions,
)


# --- The right key -----------------------------------------------------------------------------
def test_v5_the_right_key_moves_the_value_into_the_details(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    assert stored_email(contact) == STORED

    response = verify(world.api(world.petra), contact, latest_key(contact))

    assert (response.status_code, response.content) == (204, b"")
    assert stored_email(contact) == NEW
    assert pending(contact) is None
    change_set = ChangeSet.objects.get(version=2)
    assert change_set.details == [{"path": "channels.email", "original": STORED, "target": NEW}]
    assert (change_set.source, change_set.member, change_set.app) == (
        "Verification",
        world.anna,
        world.app,
    )
    assert (change_set.change_request, change_set.reviewer) == (None, None)
    assert folded(contact) == Contact.objects.get(pk=contact.pk).details


def test_h3_each_step_leaves_an_event_with_names_and_without_values(
    world: World, anna: Api, contact: Contact
) -> None:
    before = AuditEvent.objects.count()
    ask(anna, contact)
    verify(world.api(world.petra), contact, latest_key(contact))

    asked, verified = AuditEvent.objects.order_by("pk")[before:]
    assert (asked.operation, asked.member, asked.fields) == (
        "requestEmail",
        world.anna,
        ["channels.email"],
    )
    assert (verified.operation, verified.member, verified.fields) == (
        "verifyChannel",
        world.petra,
        ["channels.email"],
    )
    assert verified.object_id == str(contact.pk)


def test_v5_the_old_address_is_told(anna: Api, contact: Contact, mailbox: MailServer) -> None:
    ask(anna, contact)
    key = latest_key(contact)
    outbox_deliver()
    assert mailbox.recipients == [NEW]
    assert key in mailbox.emails[0]

    verify(anna, contact, key)
    outbox_deliver()

    assert mailbox.recipients == [NEW, STORED]
    assert "was changed" in mailbox.emails[1]
    # The header has the message's id, whose digits may be anything.
    body = mailbox.emails[1].partition("\r\n\r\n")[2]
    assert NEW not in body
    assert key not in body


def test_v5_an_address_that_is_cleared_is_told_before_another_follows(
    anna: Api, contact: Contact, mailbox: MailServer
) -> None:
    assert ask(anna, contact, None).status_code == 200
    ask(anna, contact)
    verify(anna, contact, latest_key(contact))
    outbox_deliver()

    assert stored_email(contact) == NEW
    assert mailbox.recipients == [STORED]
    assert "was removed" in mailbox.emails[0]
    assert "call your adviser" in mailbox.emails[0]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "this mobile number was removed"),
        ("de", "Diese Mobilnummer wurde"),
        ("fr", "ce numéro de mobile a été retiré"),
    ],
)
def test_v5_a_mobile_that_is_cleared_is_told_in_its_language(
    anna: Api, world: World, sms_gateway: Gateway, language: str, said: str
) -> None:
    contact = world.contact({**tiny_details(), "channels": {"mobile": MOBILE}})
    body = {"details": {"channels": {"mobile": None}, "person": {"nickname": "x"}}}

    assert anna.patch(details_path(contact.pk), body).status_code == 200

    OutboxMessage.objects.update(language=language)
    outbox_deliver()
    [(_, sent)] = sms_gateway.requests
    assert json.loads(sent)["to"] == MOBILE
    assert said in json.loads(sent)["text"]


def test_v5_what_was_refused_or_skips_verification_tells_nobody(
    world: World, anna: Api, contact: Contact
) -> None:
    body = {"details": {"channels": {"email": None}, "person": {"firstName": None}}}
    assert anna.patch(details_path(contact.pk), body).status_code == 400
    path = f"{details_path(contact.pk)}?skipVerification=true"
    assert world.api().patch(path, {"details": {"channels": {"email": None}}}).status_code == 200

    assert stored_email(contact) is None
    assert not OutboxMessage.objects.exists()


def test_v5_a_first_address_has_no_old_one_to_tell(world: World) -> None:
    contact = world.contact(tiny_details())
    api = world.api(world.anna)
    api.patch(details_path(contact.pk), {"details": {"channels": {"mobile": MOBILE}}})

    verify(api, contact, latest_key(contact, "Mobile"), "Mobile")

    assert Contact.objects.get(pk=contact.pk).details["channels"] == {"mobile": MOBILE}
    assert not OutboxMessage.objects.filter(kind="channelChanged").exists()


def test_v1_messages_are_in_the_language_that_the_details_name(world: World) -> None:
    components = tiny_components()
    make_list("languages", {"DE": "German"})
    components[0]["components"].append(select("language", "languages", alias="Language"))
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    contact = world.contact(tiny_details(language="DE"))

    ask(world.api(world.anna), contact)

    assert OutboxMessage.objects.get().language == "de"


def test_v1_the_rest_of_a_submission_stays_as_it_went(anna: Api, contact: Contact) -> None:
    body = {"details": {"channels": {"email": NEW}, "person": {"nickname": "x"}}}
    response = anna.patch(details_path(contact.pk), body)
    assert orjson.loads(response.content) == {
        "isApprovalRequired": False,
        "hasPendingEmail": True,
        "hasPendingMobile": False,
        "changeRequestId": None,
    }
    anna.patch(details_path(contact.pk), {"details": {"person": {"nickname": "y"}}})

    verify(anna, contact, latest_key(contact))

    assert versions(contact) == [1, 2, 3, 4]
    assert Contact.objects.get(pk=contact.pk).details["person"]["nickname"] == "y"
    assert stored_email(contact) == NEW


def test_v1_a_put_waits_like_a_patch(anna: Api, contact: Contact) -> None:
    body = {"details": {**tiny_details(), "channels": {"email": NEW}}}

    response = anna.put(details_path(contact.pk), body)

    assert orjson.loads(response.content)["hasPendingEmail"] is True
    assert verify(anna, contact, latest_key(contact)).status_code == 204
    assert stored_email(contact) == NEW


def test_v1_on_create_nothing_waits_and_no_key_is_sent(contact: Contact) -> None:
    assert pending(contact) is None
    assert not OutboxMessage.objects.exists()


# --- Retries -----------------------------------------------------------------------------------
def test_d10_a_retry_gets_the_first_answer_and_costs_no_attempt(
    anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    key = latest_key(contact)

    first = verify(anna, contact, key, Idempotency_Key="verify-1")
    ask(anna, contact, OTHER)
    again = verify(anna, contact, key, Idempotency_Key="verify-1")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"
    assert versions(contact) == [1, 2]
    assert attempts(contact) == 0


def test_d10_a_wrong_key_counts_with_an_idempotency_key_too(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    wrong = wrong_key(contact)

    answers = [refusal(verify(anna, contact, wrong, Idempotency_Key="v")) for _ in range(6)]

    assert answers == [(422, "KeyNoMatch")] * 5 + [(422, "KeyExpired")]
    assert attempts(contact) == 5


# --- The schema moves on -----------------------------------------------------------------------
def test_statements_of_verification_do_not_grow_with_data(
    world: World, anna: Api, contact: Contact
) -> None:
    details = {
        **tiny_details(),
        "channels": {"email": "big@example.com"},
        "notes": [{"id": str(number), "text": "x"} for number in range(200)],
    }
    big = world.contact(details, advisers=[world.ben, world.carl])
    ask(anna, make(world, "warm@example.com"), "warm.up@example.com")
    steps = {
        "ask": lambda each: partial(ask, anna, each, f"new{each.pk}@example.com"),
        "guess": lambda each: partial(verify, anna, each, wrong_key(each)),
        "resend": lambda each: partial(resend, anna, each),
        "verify": lambda each: partial(verify, anna, each, latest_key(each)),
        "discontinue": lambda each: partial(discontinue, anna, each),
    }
    counts: list[dict[str, int]] = [{}, {}]
    for target, counted in zip((contact, big), counts, strict=True):
        for name, step in steps.items():
            let_keys_age(seconds=61)
            call = step(target)
            with CaptureQueriesContext(connection) as captured:
                call()
            counted[name] = sum("SAVEPOINT" not in query["sql"] for query in captured)

    assert counts[0] == counts[1]
    assert counts[0] == {"ask": 10, "guess": 4, "resend": 10, "verify": 10, "discontinue": 4}


def test_n3_an_anonymised_contact_takes_no_key(world: World, anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key = latest_key(contact)
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    assert refusal(verify(anna, contact, key)) == (409, "ContactAnonymized")
    assert refusal(discontinue(anna, contact)) == (409, "ContactAnonymized")
    assert PendingChannel.objects.get().attempts == 0


def test_v5_a_contact_that_is_gone_is_not_found(world: World, contact: Contact) -> None:
    schema = contact.contact_type.schema
    ref = TargetRef(CONTACT, contact.pk + 1000, schema.pk, schema.key)

    with pytest.raises(NotFound):
        channel_discontinue(actor=world.actor(), ref=ref, channel="Email")


def test_a1_verifying_needs_the_right_to_change(world: World, contact: Contact) -> None:
    ask(world.api(world.anna), contact)
    world.anna.user_permissions.remove(Permission.objects.get(codename="change_contact"))

    assert refusal(verify(world.api(world.anna), contact, latest_key(contact))) == (403, "NA")
    assert pending(contact) == NEW
