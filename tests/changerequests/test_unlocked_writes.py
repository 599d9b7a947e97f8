"""Writes of details without locks: one statement, only if nothing has moved (D9-D11, S5, V1)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.models import F

from changerequests.models import ChangeRequest
from changerequests.services import Submission, SubmissionResult, details_submit_unlocked
from config.common.db import NO_RIDER, Rider
from config.common.models import IdempotencyKey
from config.common.tokens import verify
from contacts.models import ChangeSet, Contact, Member, PendingChannel
from contacts.selectors.targets import contact_state_reach
from contacts.services.contacts import (
    ContactCreation,
    CreatedContact,
    contact_create_unlocked,
)
from contacts.targets import TargetState
from crmschema.documents import Mode
from crmschema.locks import schema_lock_exclusive
from crmschema.models import CrmSchema
from crmschema.services import schema_save
from lists.models import List
from tests.factories.api import details_path
from tests.factories.fixtures import World
from tests.factories.schemas import form, tiny_components, tiny_details
from tests.factories.submissions import folded, hold, submit
from tests.factories.threads import TIMEOUT_SECONDS, Racers, wait_for_waiter
from tests.factories.tokens import bearer

NICKNAME = {"person": {"nickname": "Kit"}}


def read(world: World, contact: Contact) -> TargetState:
    """The contact's state as a request reads it first."""
    _, state = contact_state_reach(verify(bearer(app=world.app)), contact.pk)
    assert state is not None
    return state


def write(world: World, state: TargetState, details: object = NICKNAME) -> SubmissionResult | None:
    assert isinstance(details, dict)
    return details_submit_unlocked(
        actor=world.actor(),
        state=state,
        submission=Submission(mode=Mode.PATCH, details=details),
        source=ChangeSet.Source.API,
    )


def assert_untouched(contact: Contact, version: int = 1) -> None:
    stored = Contact.objects.get(pk=contact.pk)
    assert stored.version == version
    assert "nickname" not in stored.details["person"]
    assert ChangeSet.objects.filter(contact=contact).count() == version


@pytest.mark.django_db
def test_d11_one_statement_writes_details_and_their_change_set(world: World) -> None:
    contact = world.contact()

    result = write(world, read(world, contact))

    assert result == SubmissionResult(None, 2, frozenset())
    stored = Contact.objects.get(pk=contact.pk)
    assert stored.version == 2
    assert stored.details["person"]["nickname"] == "Kit"
    assert folded(contact) == stored.details
    change_set = ChangeSet.objects.get(contact=contact, version=2)
    assert change_set.app == world.app
    assert change_set.member is None
    assert change_set.source == ChangeSet.Source.API
    assert change_set.details == [{"path": "person.nickname", "target": "Kit"}]


def renamed(contact: Contact, world: World) -> None:
    Contact.objects.filter(pk=contact.pk).update(version=F("version") + 1)
    ChangeSet.objects.create(
        contact=contact,
        version=2,
        kind="change",
        executed_at=contact.created_at,
        schema_token=1,
        details=[],
        source="Api",
    )


def saved(contact: Contact | None, world: World) -> None:
    text = form(*tiny_components())
    schema_save(actor=world.actor(), key="tiny", schema=text, concurrency_token=1)


def listed(contact: Contact, world: World) -> None:
    List.objects.update(revision=F("revision") + 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("move", "version"), [(renamed, 2), (saved, 1), (listed, 1)])
def test_s5_nothing_is_written_when_target_schema_or_list_has_moved(
    world: World, move: Callable[[Contact, World], None], version: int
) -> None:
    contact = world.contact()
    state = read(world, contact)
    move(contact, world)

    assert write(world, state) is None

    assert_untouched(contact, version)


@pytest.mark.django_db
def test_d3_no_change_is_not_written(world: World) -> None:
    contact = world.contact()

    assert write(world, read(world, contact), {"person": {"nickname": None}}) is None

    assert_untouched(contact)


@pytest.mark.django_db
def test_c1_what_needs_approval_is_not_written(world: World) -> None:
    contact = world.contact()

    result = details_submit_unlocked(
        actor=world.actor(world.anna),
        state=read(world, contact),
        submission=Submission(mode=Mode.PATCH, details={"person": {"lastName": "King"}}),
        source=ChangeSet.Source.API,
    )

    assert result is None
    assert_untouched(contact)
    assert not ChangeRequest.objects.exists()


@pytest.mark.django_db
def test_c3_free_fields_go_through_while_a_request_is_pending(world: World) -> None:
    contact = world.contact()
    hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    assert write(world, read(world, contact)) == SubmissionResult(None, 2, frozenset())


@pytest.mark.django_db
def test_v1_a_channel_is_not_written(world: World) -> None:
    contact = world.contact()
    email = {"channels": {"email": "other@example.com"}}

    assert write(world, read(world, contact), email) is None

    assert_untouched(contact)
    assert not PendingChannel.objects.exists()


@pytest.mark.django_db
def test_v1_a_value_that_waits_is_told(world: World) -> None:
    contact = world.contact()
    submit(world.actor(), contact, {"channels": {"email": "other@example.com"}})

    answer = world.api().patch(details_path(contact.pk), {"details": NICKNAME})

    assert answer.json()["hasPendingEmail"] is True


@pytest.mark.django_db
def test_d10_a_retry_after_other_writes_gets_the_first_answer(world: World) -> None:
    contact = world.contact()
    api, path, body = world.api(), details_path(contact.pk), {"details": NICKNAME}
    first = api.patch(path, body, Idempotency_Key="k", If_Match='"1"')
    submit(world.actor(), contact, {"person": {"nickname": "Other"}})

    again = api.patch(path, body, Idempotency_Key="k", If_Match='"1"')

    assert (first.status_code, first["ETag"]) == (200, '"2"')
    assert (again.status_code, again["ETag"]) == (200, '"2"')
    assert again["Idempotency-Replayed"] == "true"
    assert Contact.objects.get(pk=contact.pk).details["person"]["nickname"] == "Other"
    assert IdempotencyKey.objects.count() == 1


# --- New contacts ------------------------------------------------------------------------------
def create(
    world: World, member: Member | None = None, meanwhile: Callable[[], object] = lambda: None
) -> CreatedContact | None:
    """A creation; `meanwhile` happens between its look at the schema and its write."""

    def rider_of(created: CreatedContact) -> Rider:
        meanwhile()
        return NO_RIDER

    return contact_create_unlocked(
        actor=world.actor(member),
        creation=ContactCreation(world.contact_type.pk, None, tiny_details()),
        source=ChangeSet.Source.API,
        rider_of=rider_of,
    )


@pytest.mark.django_db
def test_d11_one_statement_creates_a_contact_and_its_change_set(world: World) -> None:
    created = create(world)

    contact = Contact.objects.get()
    assert created == CreatedContact(contact.pk, contact.uid, contact.details)
    assert contact.version == 1
    assert folded(contact) == contact.details
    change_set = ChangeSet.objects.get()
    assert (change_set.kind, change_set.app) == (ChangeSet.Kind.CREATION, world.app)


@pytest.mark.django_db
def test_s5_no_contact_is_created_when_the_schema_has_moved(world: World) -> None:
    assert create(world, meanwhile=lambda: saved(None, world)) is None

    assert not Contact.objects.exists()
    assert not ChangeSet.objects.exists()


@pytest.mark.django_db
def test_a1_who_assigns_somebody_takes_the_way_under_locks(world: World) -> None:
    assert create(world, world.anna) is None

    assert not Contact.objects.exists()


# --- With real threads -------------------------------------------------------------------------
@contextmanager
def elsewhere(call: Callable[[], object]) -> Iterator[None]:
    """The call on a thread and connection of its own, begun inside and awaited at the end."""
    thread = Thread(target=lambda: (call(), connection.close()))
    thread.start()
    yield
    thread.join(TIMEOUT_SECONDS)
    assert not thread.is_alive()


@contextmanager
def waiting(call: Callable[[], object], *, behind: Callable[[], object]) -> Iterator[list[object]]:
    """Inside, `call` waits on a connection of its own for a transaction that has done `behind`, and
    that is committed at the end. Its result is in the list afterwards.
    """
    results: list[object] = []
    thread = Thread(target=lambda: (results.append(call()), connection.close()))
    with transaction.atomic():
        behind()
        thread.start()
        wait_for_waiter()
        assert thread.is_alive()
        yield results
    thread.join(TIMEOUT_SECONDS)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_s5_a_save_that_was_waited_for_counts(committed_world: World) -> None:
    """The statement began before the save was committed: its own snapshot has the old token."""
    contact = committed_world.contact()
    state = read(committed_world, contact)

    def save() -> None:
        schema_lock_exclusive(state.ref.schema_id)
        CrmSchema.objects.filter(key="tiny").update(concurrency_token=2)

    with waiting(lambda: write(committed_world, state), behind=save) as results:
        pass

    assert results == [None]
    assert_untouched(contact)


@pytest.mark.django_db(transaction=True)
def test_d9_any_change_of_the_row_that_was_waited_for_counts(committed_world: World) -> None:
    """Also one that leaves the version: another username, an erasure."""
    contact = committed_world.contact()
    state = read(committed_world, contact)

    row = Contact.objects.filter(pk=contact.pk)

    with waiting(
        lambda: write(committed_world, state), behind=lambda: row.update(username="kit")
    ) as results:
        pass

    assert results == [None]
    assert_untouched(contact)


@pytest.mark.django_db(transaction=True)
def test_d10_a_key_in_work_is_refused(committed_world: World) -> None:
    contact, other = committed_world.contact(), committed_world.contact()
    api, body = committed_world.api(), {"details": NICKNAME}

    with (
        waiting(
            lambda: api.patch(details_path(other.pk), body, Idempotency_Key="k").status_code,
            behind=lambda: Contact.objects.select_for_update().get(pk=other.pk),
        ) as results,
        Racers(1) as racers,
    ):
        [answer] = racers.run(
            [lambda: api.patch(details_path(contact.pk), body, Idempotency_Key="k")]
        )
    assert results == [200]
    assert (answer.status_code, answer.json()["subCode"]) == (409, "RequestInProgress")
    assert_untouched(contact)


@pytest.mark.django_db(transaction=True)
def test_d10_patches_with_one_key_at_once_take_effect_once(committed_world: World) -> None:
    world = committed_world
    contact = world.contact()
    api, path = world.api(), details_path(contact.pk)
    with Racers(4) as racers:
        for number in range(40):
            body = {"details": {"person": {"nickname": f"Kit {number}"}}}

            answers = racers.run(
                [lambda body=body, key=f"k{number}": api.patch(path, body, Idempotency_Key=key)] * 4
            )

            good = [answer for answer in answers if answer.status_code == 200]
            refused = {answer.json()["subCode"] for answer in answers if answer.status_code != 200}
            assert refused <= {"RequestInProgress"}, number
            assert {answer["ETag"] for answer in good} == {f'"{number + 2}"'}
            assert sum("Idempotency-Replayed" not in answer for answer in good) == 1
    assert Contact.objects.get(pk=contact.pk).version == 41
    assert IdempotencyKey.objects.count() == 40
