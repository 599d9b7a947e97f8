"""Confirming a value by its key (V1, V2, V4, V5)."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changerequests.models import ChangeRequest
from changerequests.services import Submission, details_submit
from config.common.exceptions import NotFound
from config.common.models import AuditEvent, OutboxMessage
from config.common.outbox.delivery import outbox_deliver
from contacts.models import ChangeSet, Contact, PendingChannel
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.services.verification import channel_discontinue
from contacts.targets import CONTACT, LEGAL_ENTITY, TargetRef
from crmschema.documents import Mode
from crmschema.models import CrmSchema
from crmschema.selectors import compiled
from crmschema.services import schema_save
from tests.factories.api import Api, details_path, request_path, verification_path
from tests.factories.checks import save_accepting
from tests.factories.contacts import make_list
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, messages, wrong_key
from tests.factories.providers import MailServer
from tests.factories.schemas import form, select, tiny_components, tiny_details
from tests.factories.submissions import decide, folded, hold, submit
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
    assert NEW not in mailbox.emails[1].partition("\r\n\r\n")[2]
    assert key not in mailbox.emails[1]


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


# --- Wrong, expired, used up -------------------------------------------------------------------
def test_vk01_five_wrong_keys_use_up_the_right_one(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key, wrong = latest_key(contact), wrong_key(contact)

    answers = [refusal(verify(anna, contact, wrong)) for _ in range(5)]
    last = refusal(verify(anna, contact, key))

    assert answers == [(422, "KeyNoMatch")] * 5
    assert last == (422, "KeyExpired")
    assert attempts(contact) == 5
    assert (stored_email(contact), pending(contact), versions(contact)) == (STORED, NEW, [1])


def test_vk01_four_wrong_keys_leave_the_right_one_good(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key, wrong = latest_key(contact), wrong_key(contact)
    for _ in range(4):
        verify(anna, contact, wrong)

    assert verify(anna, contact, key).status_code == 204


@pytest.mark.parametrize("key", [None, "", "1234567", "abcdef", "०१२३४५"])
def test_v4_what_can_be_no_key_is_a_wrong_one(anna: Api, contact: Contact, key: str | None) -> None:
    ask(anna, contact)

    assert refusal(verify(anna, contact, key)) == (422, "KeyNoMatch")
    assert attempts(contact) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "Email"},
        {"channel": "email", "key": "012345"},
        {"channel": "Email", "key": 12345},
        {"channel": "Email", "key": "1" * 65},
        {"channel": "Email", "key": "\x00"},
        {"channel": "Email", "key": "012345", "more": 1},
        b'{"channel": "Email", "channel": "Mobile", "key": "012345"}',
    ],
)
def test_v4_a_malformed_body_counts_no_attempt(anna: Api, contact: Contact, body: Any) -> None:
    ask(anna, contact)

    response = anna.post(verification_path(contact.pk, "verify"), body)

    assert response.status_code == 400
    assert attempts(contact) == 0


def test_vk04_a_key_lives_ten_minutes(anna: Api, contact: Contact, world: World) -> None:
    late = make(world, "late@example.com")
    ask(anna, contact)
    ask(anna, late, OTHER)
    let_keys_age(minutes=9, seconds=50)

    assert verify(anna, contact, latest_key(contact)).status_code == 204

    let_keys_age(seconds=11)
    assert refusal(verify(anna, late, latest_key(late))) == (422, "KeyExpired")
    assert attempts(late) == 0
    assert (stored_email(late), pending(late)) == ("late@example.com", OTHER)


def test_in08_the_database_says_what_time_it_is(
    anna: Api, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(anna, contact)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: ahead)

    assert verify(anna, contact, latest_key(contact)).status_code == 204


def test_vk05_a_key_counts_once(anna: Api, contact: Contact) -> None:
    ask(anna, contact)
    key = latest_key(contact)

    answers = [verify(anna, contact, key) for _ in range(2)]

    assert answers[0].status_code == 204
    assert refusal(answers[1]) == (422, "KeyNoMatch")
    assert versions(contact) == [1, 2]


def test_vk10_nothing_pending_answers_as_a_wrong_key_does(
    world: World, anna: Api, contact: Contact
) -> None:
    waiting = make(world, "waiting@example.com")
    ask(anna, waiting)

    wrong = orjson.loads(verify(anna, waiting, wrong_key(waiting)).content)
    nothing = orjson.loads(verify(anna, contact, "012345").content)

    assert {**nothing, "correlationId": ""} == {**wrong, "correlationId": ""}
    assert refusal(verify(anna, contact, "012345", "Mobile")) == (422, "KeyNoMatch")


def test_vk10_what_is_out_of_reach_and_what_does_not_exist_answer_alike(
    world: World, contact: Contact
) -> None:
    carl = world.api(world.carl)
    ask(world.api(world.anna), contact)
    unknown = Contact(pk=contact.pk + 1000)

    for target in (contact, unknown):
        assert refusal(verify(carl, target, latest_key(contact))) == (404, "NA")
    assert attempts(contact) == 0


def test_vk10_a_wrong_key_and_nothing_pending_take_the_same_statements(
    world: World, anna: Api, contact: Contact
) -> None:
    waiting = make(world, "waiting@example.com")
    ask(anna, waiting)
    wrong = wrong_key(waiting)
    texts = []
    for target in (waiting, contact):
        with CaptureQueriesContext(connection) as captured:
            verify(anna, target, wrong)
        texts.append([query["sql"].split()[:4] for query in captured])

    assert _without_savepoints(texts[0]) == _without_savepoints(texts[1])


def _without_savepoints(statements: list[list[str]]) -> list[list[str]]:
    return [words for words in statements if "SAVEPOINT" not in words]


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


# --- With approval (CR-12) ---------------------------------------------------------------------
@pytest.fixture
def approved_email(world: World) -> World:
    """Emails need approval and verification."""
    components = tiny_components()
    components[1]["components"][0]["crm"]["isApprovalRequired"] = True
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    return world


def test_cr12_a_value_is_live_only_after_approval_and_verification(
    approved_email: World, anna: Api, contact: Contact
) -> None:
    world = approved_email
    response = ask(anna, contact)
    request = ChangeRequest.objects.get()
    assert orjson.loads(response.content)["hasPendingEmail"] is False
    assert messages(contact) == []
    assert refusal(verify(anna, contact, "012345")) == (422, "KeyNoMatch")

    world.api(world.petra).post(
        request_path(contact.pk, request.pk, "review"), {"isApproved": True}
    )
    assert (stored_email(contact), pending(contact), versions(contact)) == (STORED, NEW, [1])
    assert verify(anna, contact, latest_key(contact)).status_code == 204

    assert stored_email(contact) == NEW
    change_set = ChangeSet.objects.get(version=2)
    assert (change_set.member, change_set.change_request, change_set.reviewer) == (
        world.anna,
        request,
        world.petra,
    )
    assert change_set.source == "Verification"


def test_cr12_a_verified_value_still_waits_for_the_approval_of_another(
    approved_email: World, anna: Api, contact: Contact
) -> None:
    world = approved_email
    submit(world.actor(), contact, {"channels": {"email": NEW}})
    request = hold(world.actor(world.anna), contact, {"channels": {"email": OTHER}})

    verify(anna, contact, latest_key(contact))
    assert stored_email(contact) == NEW

    response = world.api(world.petra).post(
        request_path(contact.pk, request.pk, "review"), {"isApproved": True}
    )
    assert refusal(response) == (409, "ChangeRequestConflict")
    assert (stored_email(contact), pending(contact)) == (NEW, None)


def test_v6_an_approved_value_replaces_the_one_that_waits(
    approved_email: World, anna: Api, contact: Contact
) -> None:
    world = approved_email
    request = hold(world.actor(world.anna), contact, {"channels": {"email": OTHER}})
    submit(world.actor(), contact, {"channels": {"email": NEW}})
    old = latest_key(contact)

    decide(world.actor(world.petra), request)

    assert pending(contact) == OTHER
    if old != latest_key(contact):
        assert refusal(verify(anna, contact, old)) == (422, "KeyNoMatch")
    assert verify(anna, contact, latest_key(contact)).status_code == 204
    assert stored_email(contact) == OTHER


# --- The schema moves on -----------------------------------------------------------------------
def test_v5_a_value_that_the_schema_no_longer_takes_is_still_pending(
    world: World, anna: Api, contact: Contact
) -> None:
    longer = "someone.new@example.com"
    ask(anna, contact, longer)
    components = tiny_components()
    components[1]["components"][0]["validate"] = {"maxLength": len(STORED)}
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)

    response = verify(anna, contact, latest_key(contact))

    assert refusal(response) == (422, "DetailsInvalid")
    assert orjson.loads(response.content)["properties"]["errors"][0]["path"] == "channels.email"
    assert (stored_email(contact), pending(contact), attempts(contact)) == (STORED, longer, 0)


def test_v5_a_value_of_a_field_that_is_no_channel_any_more_is_written_and_gone(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    components = tiny_components()
    del components[1]["components"][0]["crm"]
    save_accepting(form(*components), actor=world.actor())

    assert verify(anna, contact, latest_key(contact)).status_code == 204

    assert (stored_email(contact), pending(contact)) == (NEW, None)


def test_d11_a_confirmed_value_that_is_stored_already_leaves_no_change_set(
    world: World, anna: Api, contact: Contact
) -> None:
    ask(anna, contact)
    key = latest_key(contact)
    components = tiny_components()
    del components[1]["components"][0]["crm"]
    save_accepting(form(*components), actor=world.actor())
    ask(world.api(), contact)
    assert (stored_email(contact), pending(contact), versions(contact)) == (NEW, NEW, [1, 2])

    assert verify(anna, contact, key).status_code == 204

    assert (stored_email(contact), pending(contact), versions(contact)) == (NEW, None, [1, 2])
    assert messages(contact, "channelChanged") == []


def test_l1_channels_of_legal_entities_do_not_wait(world: World) -> None:
    schema = CrmSchema.objects.get(key="tiny")
    uid = uuid4()
    creation = DetailsCreation(uid, compiled("tiny"), tiny_details(), own={})
    origin = Origin(ChangeSet.Source.SYSTEM)
    ids = details_create(origin=origin, kind=LEGAL_ENTITY, creations=[creation])

    result = details_submit(
        actor=world.actor(),
        ref=TargetRef(LEGAL_ENTITY, ids[uid], schema.pk, schema.key),
        submission=Submission(mode=Mode.PATCH, details={"channels": {"email": NEW}}),
        source=ChangeSet.Source.API,
    )

    assert (result.version, result.pending_channels) == (2, frozenset())
    assert not PendingChannel.objects.exists()


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
