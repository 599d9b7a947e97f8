"""New values of email and mobile that wait for a key (V1, V6)."""

from typing import Any

import pytest
from django.utils import timezone

from changerequests.models import ChangeRequest
from changerequests.services import SubmissionResult
from config.common.models import OutboxMessage
from contacts.exceptions import DetailsInvalid, DetailsNoLongerValid
from contacts.models import ChangeSet, Contact, PendingChannel
from crmschema.services import schema_save
from tests.factories.contacts import make_contact
from tests.factories.fixtures import World
from tests.factories.schemas import form, shown_when, tiny_components, tiny_details
from tests.factories.submissions import decide, hold, submit

STORED, NEW, OTHER = "ada@example.com", "new@example.com", "other@example.com"


@pytest.fixture
def contact(world: World) -> Contact:
    return world.contact({**tiny_details(), "channels": {"email": STORED}})


def email(value: str | None, **person: Any) -> dict[str, Any]:
    return {"channels": {"email": value}, **({"person": person} if person else {})}


def waiting() -> dict[str, str]:
    return dict(PendingChannel.objects.values_list("channel", "value"))


def stored_email(contact: Contact) -> str | None:
    channels = Contact.objects.get(pk=contact.pk).details.get("channels", {})
    value: str | None = channels.get("email")
    return value


def outcome(result: SubmissionResult) -> tuple[int, frozenset[str]]:
    return result.version, result.pending_channels


def test_v1_a_new_value_waits_and_the_rest_goes_its_way(world: World, contact: Contact) -> None:
    result = submit(world.actor(world.anna), contact, email(NEW, nickname="x"), comment="moved")

    assert outcome(result) == (2, {"Email"})
    assert stored_email(contact) == STORED
    pending = PendingChannel.objects.get()
    assert (pending.channel, pending.path, pending.value) == ("Email", "channels.email", NEW)
    assert (pending.member, pending.app) == (world.anna, world.app)
    assert pending.comment == "moved"
    change_set = ChangeSet.objects.get(version=2)
    assert change_set.details == [{"path": "person.nickname", "target": "x"}]


def test_v1_a_submission_that_only_waits_writes_no_history(world: World, contact: Contact) -> None:
    result = submit(world.actor(), contact, email(NEW))

    assert outcome(result) == (1, {"Email"})
    assert ChangeSet.objects.count() == 1


def test_v1_email_and_mobile_wait_beside_each_other(world: World, contact: Contact) -> None:
    submit(world.actor(), contact, email(NEW))

    result = submit(world.actor(), contact, {"channels": {"mobile": "+41791234567"}})

    assert outcome(result) == (1, {"Email", "Mobile"})
    assert waiting() == {"Email": NEW, "Mobile": "+41791234567"}


def test_v1_sending_the_stored_value_leaves_a_waiting_one_alone(
    world: World, contact: Contact
) -> None:
    submit(world.actor(), contact, email(NEW))

    result = submit(world.actor(), contact, email(STORED, nickname="x"))

    assert outcome(result) == (2, {"Email"})
    assert waiting() == {"Email": NEW}


def test_v1_sending_the_waiting_value_again_is_nothing_new(world: World, contact: Contact) -> None:
    submit(world.actor(world.anna), contact, email(NEW))
    first = PendingChannel.objects.get()

    submit(world.actor(world.petra), contact, email(NEW))

    assert PendingChannel.objects.get() == first
    assert PendingChannel.objects.get().member == world.anna


def test_v6_another_value_replaces_the_waiting_one(world: World, contact: Contact) -> None:
    submit(world.actor(), contact, email(NEW))
    first = PendingChannel.objects.get()

    result = submit(world.actor(), contact, email(OTHER))

    assert outcome(result) == (1, {"Email"})
    assert waiting() == {"Email": OTHER}
    assert not PendingChannel.objects.filter(pk=first.pk).exists()


def test_v1_clearing_applies_at_once_and_drops_what_waits(world: World, contact: Contact) -> None:
    submit(world.actor(), contact, email(NEW))

    result = submit(world.actor(), contact, email(None))

    assert outcome(result) == (2, frozenset())
    assert stored_email(contact) is None
    assert waiting() == {}


def test_v1_skipping_verification_applies_at_once_and_drops_what_waits(
    world: World, contact: Contact
) -> None:
    submit(world.actor(), contact, email(NEW))
    submit(world.actor(), contact, {"channels": {"mobile": "+41791234567"}})

    result = submit(world.actor(), contact, email(OTHER), skip_verification=True)

    assert outcome(result) == (2, {"Mobile"})
    assert stored_email(contact) == OTHER
    assert waiting() == {"Mobile": "+41791234567"}
    messages = OutboxMessage.objects.order_by("pk").values_list("channel", "state")
    assert list(messages) == [("Email", "Cancelled"), ("Mobile", "Pending")]


def test_v1_waiting_values_reserve_nothing(world: World, contact: Contact) -> None:
    other = world.contact()

    submit(world.actor(), contact, email(NEW))
    submit(world.actor(), other, email(NEW))

    assert PendingChannel.objects.filter(value=NEW).count() == 2


def test_v1_a_wrong_address_never_waits(world: World, contact: Contact) -> None:
    with pytest.raises(DetailsInvalid):
        submit(world.actor(), contact, email("no address", nickname="x"))

    assert waiting() == {}
    assert ChangeSet.objects.count() == 1


def test_v1_the_longest_address_waits(world: World, contact: Contact) -> None:
    longest = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example"

    try:
        submit(world.actor(), contact, email(longest))
    except DetailsInvalid:
        longest = ""

    assert waiting() == ({"Email": longest} if longest else {})


# --- With approval -----------------------------------------------------------------------------
def test_v1_with_approval_the_value_starts_waiting_when_it_is_approved(
    world: World, contact: Contact
) -> None:
    request = hold(world.actor(world.anna), contact, email(NEW, lastName="King"))
    assert waiting() == {}

    decide(world.actor(world.petra), request)

    assert stored_email(contact) == STORED
    pending = PendingChannel.objects.get()
    assert (pending.value, pending.change_request, pending.member) == (NEW, request, world.anna)
    change_set = ChangeSet.objects.get(change_request=request)
    assert "channels.email" not in change_set.paths
    assert "person.lastName" in change_set.paths


def test_v1_a_request_that_holds_nothing_else_writes_no_change_set_before(
    world: World, contact: Contact
) -> None:
    components = tiny_components()
    components[1]["components"][0]["crm"]["isApprovalRequired"] = True
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    request = hold(world.actor(world.anna), contact, email(NEW))

    decide(world.actor(world.petra), request)

    assert ChangeRequest.objects.get().status == ChangeRequest.Status.APPROVED
    assert waiting() == {"Email": NEW}
    assert not ChangeSet.objects.filter(change_request=request).exists()
    assert Contact.objects.get(pk=contact.pk).version == 1


def test_v1_a_rejected_value_never_waits(world: World, contact: Contact) -> None:
    request = hold(world.actor(world.anna), contact, email(NEW, lastName="King"))

    decide(world.actor(world.petra), request, is_approved=False)

    assert waiting() == {}


# --- Conditions on a channel -------------------------------------------------------------------
@pytest.fixture
def conditional(world: World) -> Contact:
    """`person.nickname` is shown while the email is the stored one."""
    components = tiny_components()
    nickname = components[0]["components"][6]
    nickname["conditional"] = shown_when("channels.email", STORED)
    schema_save(actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=1)
    details = {**tiny_details(nickname="x"), "channels": {"email": STORED}}
    return make_contact(details, contact_type=world.contact_type)


def test_d6_a_waiting_value_hides_nothing_yet(world: World, conditional: Contact) -> None:
    result = submit(world.actor(), conditional, email(NEW))

    assert outcome(result) == (1, {"Email"})
    assert Contact.objects.get(pk=conditional.pk).details == conditional.details


def test_d6_an_approved_value_that_only_a_waiting_one_shows_is_refused(
    world: World, conditional: Contact
) -> None:
    submit(world.actor(), conditional, {"channels": None, "person": {"lastName": "Bo"}})
    request = ChangeRequest.objects.create(
        contact=conditional,
        created_at=timezone.now(),
        initiator=world.anna,
        schema_token=2,
        details=[
            {"path": "channels.email", "target": STORED, "isApprovalRequired": False},
            {"path": "person.nickname", "target": "y", "isApprovalRequired": False},
        ],
    )

    with pytest.raises(DetailsNoLongerValid):
        decide(world.actor(world.petra), request)


def test_d6_a_value_that_only_a_waiting_one_shows_is_refused(
    world: World, conditional: Contact
) -> None:
    submit(world.actor(), conditional, {"channels": None})
    bare = Contact.objects.get(pk=conditional.pk)

    with pytest.raises(DetailsInvalid):
        submit(world.actor(), conditional, email(STORED, nickname="y"))

    assert Contact.objects.get(pk=conditional.pk).details == bare.details
    assert waiting() == {}
