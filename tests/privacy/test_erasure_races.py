"""Anonymising at the same instant as another write, with real threads (AN-09, N3)."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse

from changerequests.models import ChangeRequest
from changerequests.personal_data import CHANGE_REQUESTS
from config.common import privacy
from config.common.actors import SYSTEM
from config.common.exceptions import ServiceUnavailable
from config.common.models import AuditEvent, IdempotencyKey
from config.common.privacy import Erasure, ErasureBusy, PersonalDataStore
from contacts.models import (
    Anonymisation,
    AnonymisationItem,
    ChangeSet,
    Contact,
    ContactPicture,
    ExternalConnection,
    PendingChannel,
)
from contacts.services import erasure
from contacts.services.anonymisation import anonymisation_continue
from contacts.services.erasure import contacts_erase
from tests.factories.api import (
    details_path,
    members_path,
    picture_path,
    request_path,
    verification_path,
)
from tests.factories.fixtures import World
from tests.factories.keys import latest_key, let_keys_age, messages
from tests.factories.pictures import picture, text_of
from tests.factories.submissions import hold
from tests.factories.threads import TIMEOUT_SECONDS, Handicap, Racers
from tests.privacy.scan import files

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = {"patch": 100, "approve": 100, "verify": 100}
OTHER_ROUNDS = 30
MARKER = "Zaphod"
IMAGE = text_of(picture())
# What is sent at the same instant; it is made before, by a function that knows world and contact.
Call = Callable[[], HttpResponse]


@pytest.fixture
def world(committed_world: World) -> World:
    return committed_world


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Racers]:
    # However long a busy machine lets the other one wait for its turn.
    monkeypatch.setattr(erasure, "_ATTEMPTS", 100)
    with Racers(2) as racers:
        yield racers


def create_again(world: World, contact: Contact) -> Call:
    """The retry of the creation, whose kept answer repeats the contact."""
    body = {
        "contactTypeId": world.contact_type.pk,
        "memberUids": [str(world.anna.uid)],
        "details": {"person": {"firstName": MARKER, "lastName": "Byron"}},
    }
    key = f"c{contact.pk}"
    created = world.api().post("/v1.0/contacts", body, Idempotency_Key=key)
    contact.pk = created.json()["id"]
    return lambda: world.api().post("/v1.0/contacts", body, Idempotency_Key=key)


def patch(world: World, contact: Contact) -> Call:
    body = {"details": {"person": {"nickname": MARKER}}, "comment": MARKER}
    path = details_path(contact.pk)
    return lambda: world.api().patch(path, body, Idempotency_Key=f"p{contact.pk}")


def patch_that_waits(world: World, contact: Contact) -> Call:
    body = {
        "details": {"channels": {"email": f"{MARKER}{contact.pk}@example.com"}},
        "comment": MARKER,
    }
    return lambda: world.api().patch(details_path(contact.pk), body)


def patch_that_is_held(world: World, contact: Contact) -> Call:
    body = {"details": {"person": {"lastName": MARKER}}, "comment": MARKER}
    return lambda: world.api(world.anna).patch(details_path(contact.pk), body)


def approve(world: World, contact: Contact) -> Call:
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": MARKER}})
    path = request_path(contact.pk, request.pk, "review")
    body = {"isApproved": True, "comment": MARKER}
    return lambda: world.api(world.petra).post(path, body)


def cancel(world: World, contact: Contact) -> Call:
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": MARKER}})
    path = request_path(contact.pk, request.pk, "cancel")
    return lambda: world.api(world.anna).post(path)


def name(world: World, contact: Contact) -> Call:
    path = f"/v1.0/contacts/{contact.pk}/username"
    return lambda: world.api().put(path, {"username": f"{MARKER}{contact.pk}"})


def connect(world: World, contact: Contact) -> Call:
    path = f"/v1.0/contacts/{contact.pk}/external-connections"
    body = {"system": "Default", "externalId": f"{MARKER}{contact.pk}"}
    return lambda: world.api().post(path, body)


def retain(world: World, contact: Contact) -> Call:
    path = f"/v1.1/contacts/{contact.pk}/retention"
    return lambda: world.api().put(path, {"retainUntil": None, "reason": MARKER})


def assign(world: World, contact: Contact) -> Call:
    body = {"memberUids": [str(world.anna.uid), str(world.ben.uid)]}
    return lambda: world.api().put(members_path(contact.pk), body)


def verify(world: World, contact: Contact) -> Call:
    assert patch_that_waits(world, contact)().status_code == 200
    body = {"channel": "Email", "key": latest_key(contact)}
    return lambda: world.api().post(verification_path(contact.pk, "verify"), body)


def resend(world: World, contact: Contact) -> Call:
    assert patch_that_waits(world, contact)().status_code == 200
    let_keys_age(minutes=2)
    path = verification_path(contact.pk, "resend")
    return lambda: world.api().post(path, {"channel": "Email"})


def discontinue(world: World, contact: Contact) -> Call:
    assert patch_that_waits(world, contact)().status_code == 200
    path = verification_path(contact.pk, "discontinue")
    return lambda: world.api().post(path, {"channel": "Email"})


def paint(world: World, contact: Contact) -> Call:
    path = picture_path(contact.pk)
    return lambda: world.api().put(path, {"imageContentBase64": IMAGE})


def everything_of(contact: Contact) -> str:
    """The values of all rows about a contact."""
    querysets: list[Any] = [
        Contact.objects.filter(pk=contact.pk),
        ChangeSet.objects.filter(contact_id=contact.pk),
        ChangeRequest.objects.filter(contact_id=contact.pk),
        PendingChannel.objects.filter(contact_id=contact.pk),
        ExternalConnection.objects.filter(contact_id=contact.pk),
        AuditEvent.objects.filter(object_type="contact", object_id=contact.pk),
    ]
    text = "".join(str(list(queryset.values())) for queryset in querysets)
    return text + "".join(bytes(key.body).decode() for key in IdempotencyKey.objects.all())


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("make", "statuses"),
    [
        (create_again, {201, 409}),
        (patch, {200, 409}),
        (patch_that_waits, {200, 409}),
        (patch_that_is_held, {200, 409}),
        (approve, {204, 409}),
        (cancel, {204, 409}),
        (verify, {204, 409}),
        (resend, {204, 409}),
        (discontinue, {204, 409}),
        (name, {204, 409}),
        (connect, {204, 409}),
        (retain, {204, 409}),
        (assign, {204, 409}),
        (paint, {204, 409}),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_an09_no_personal_value_is_there_once_both_have_ended(
    world: World,
    pair: Racers,
    make: Callable[[World, Contact], Call],
    statuses: set[int],
) -> None:
    outcomes: Counter[int] = Counter()
    handicap = Handicap()
    others = set(files(""))  # of tests that this process ran before
    for number in range(ROUNDS.get(make.__name__, OTHER_ROUNDS)):
        contact = world.contact()
        call = make(world, contact)
        world.api(world.petra)

        written, erased = pair.run(
            [
                call,
                lambda contact=contact: world.api().post(
                    "/v1.0/contacts/anonymize", {"contactIds": [contact.pk]}
                ),
            ],
            handicap.delays,
        )

        assert erased.status_code == 204, number
        outcomes[written.status_code] += 1
        handicap.won(first=written.status_code != 409)
        found = everything_of(contact)
        assert MARKER.lower() not in found.lower(), number
        assert "Byron" not in found, number
        versions = ChangeSet.objects.filter(contact_id=contact.pk).order_by("version")
        assert [each.version for each in versions] == list(range(1, len(versions) + 1))
        assert not ChangeRequest.objects.filter(contact_id=contact.pk, status=1).exists()
        assert not ContactPicture.objects.filter(contact_id=contact.pk).exists()
        assert not PendingChannel.objects.filter(contact_id=contact.pk).exists()
        assert messages(contact) == []
    assert set(files("")) == others
    # Both win some rounds, or nothing was raced.
    assert outcomes.keys() == statuses


def test_an09_what_is_handed_out_is_of_one_moment(world: World, pair: Racers) -> None:
    """From before the erasure or from after it, never some stores of each."""
    outcomes: Counter[bool] = Counter()
    handicap = Handicap()
    for number in range(OTHER_ROUNDS):
        contact = world.contact(username=f"ada{number}")
        hold(world.actor(world.anna), contact, {"person": {"lastName": MARKER}})

        handed_out, erased = pair.run(
            [
                lambda contact=contact: world.api().get(
                    f"/v1.1/contacts/{contact.pk}/personal-data"
                ),
                lambda contact=contact: world.api().post(
                    "/v1.0/contacts/anonymize", {"contactIds": [contact.pk]}
                ),
            ],
            handicap.delays,
        )

        assert (handed_out.status_code, erased.status_code) == (200, 204)
        held = {store["name"]: store["data"] for store in handed_out.json()["stores"]}
        was_first = held["contact"]["anonymisedAt"] is None
        assert (held["contact"]["username"] is not None) == was_first
        assert (held["history"][0]["document"] != {}) == was_first
        assert (held["changeRequests"][0]["status"] == "Pending") == was_first
        assert (MARKER in str(held["changeRequests"])) == was_first
        outcomes[was_first] += 1
        handicap.won(first=was_first)
    assert outcomes.keys() == {True, False}


def test_an07_two_erasures_of_one_contact_leave_one_trace(world: World, pair: Racers) -> None:
    for _ in range(20):
        first, second = world.contact(), world.contact()
        ids = [first.pk, second.pk]

        answers = pair.run(
            [
                lambda ids=ids: world.api().post("/v1.0/contacts/anonymize", {"contactIds": ids}),
                lambda ids=ids: world.api().post(
                    "/v1.0/contacts/anonymize", {"contactIds": ids[::-1]}
                ),
            ]
        )

        assert [answer.status_code for answer in answers] == [204, 204]
        for contact_id in ids:
            events = AuditEvent.objects.filter(
                operation="anonymizeContact", object_id=str(contact_id)
            )
            assert events.count() == 1
            assert ChangeSet.objects.filter(contact_id=contact_id).count() == 2


@contextmanager
def locked_elsewhere(row: Model) -> Iterator[None]:
    """Another transaction holds the row."""
    is_locked, may_end = Event(), Event()

    def hold_it() -> None:
        try:
            with transaction.atomic():
                type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
                is_locked.set()
                may_end.wait(TIMEOUT_SECONDS)
        finally:
            connection.close()

    thread = Thread(target=hold_it)
    thread.start()
    assert is_locked.wait(TIMEOUT_SECONDS)
    try:
        yield
    finally:
        may_end.set()
        thread.join()


def test_a_request_that_another_decides_is_not_waited_for_after_the_contact(world: World) -> None:
    contact = world.contact()
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": MARKER}})

    with (
        locked_elsewhere(request),
        pytest.raises(ErasureBusy),
        transaction.atomic(),
    ):
        CHANGE_REQUESTS.erase(Erasure(SYSTEM, [contact.pk]))

    request.refresh_from_db()
    assert request.is_pending


def test_n4_a_job_is_finished_by_who_does_its_last_contact(world: World) -> None:
    job = Anonymisation.objects.create(app=world.app, correlation_id="c")
    items = [
        AnonymisationItem.objects.create(anonymisation=job, contact=world.contact())
        for _ in range(2)
    ]

    with locked_elsewhere(items[1]):
        anonymisation_continue(anonymisation_id=job.pk)

        job.refresh_from_db()
        assert job.finished_at is None
        outcomes = AnonymisationItem.objects.order_by("pk").values_list("outcome", flat=True)
        assert list(outcomes) == ["Anonymized", "Waiting"]

    anonymisation_continue(anonymisation_id=job.pk)
    job.refresh_from_db()
    assert job.finished_at is not None


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A store that is busy so many times."""
    times = [0]

    def erase(erasure: Erasure) -> None:
        if times[0]:
            times[0] -= 1
            raise ErasureBusy

    store = PersonalDataStore(
        name="busy", columns={}, keeps="-", erase=erase, collect=lambda contact_id: None
    )
    stores = [*privacy.PERSONAL_DATA, store]
    monkeypatch.setattr(erasure, "PERSONAL_DATA", stores)
    monkeypatch.setattr(erasure, "_PAUSE_SECONDS", 0)
    return times


def test_an_erasure_that_meets_a_decision_is_tried_again(world: World, busy: list[int]) -> None:
    contact = world.contact()
    busy[0] = 3

    with transaction.atomic():
        result = contacts_erase(actor=SYSTEM, contact_ids=[contact.pk], reason="x")

    assert (result.erased, result.retained) == ([contact.pk], [])
    assert AuditEvent.objects.filter(operation="anonymizeContact").count() == 1
    assert ChangeSet.objects.filter(contact=contact).count() == 2


def test_n4_an_erasure_that_stays_busy_changes_nothing(world: World, busy: list[int]) -> None:
    contact = world.contact()
    busy[0] = 1000

    with pytest.raises(ServiceUnavailable), transaction.atomic():
        contacts_erase(actor=SYSTEM, contact_ids=[contact.pk], reason="x")

    contact.refresh_from_db()
    assert (contact.anonymised_at, contact.display_name) == (None, "Ada Byron")
    assert ChangeSet.objects.filter(contact=contact).count() == 1
