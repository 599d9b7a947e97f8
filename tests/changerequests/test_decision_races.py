"""Decisions at the same instant as something else, with real threads on real connections
(C3, C5, C6, C7, CR-03, CR-04, CR-07, CR-22, CR-23).
"""

import socket
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

from changerequests.models import ChangeRequest
from config.common.exceptions import Conflict
from contacts.models import ChangeSet, Contact
from crmschema.models import CrmSchema
from crmschema.services import schema_save
from tests.factories.api import Api, details_path, request_path
from tests.factories.contacts import ADVISER, REVIEWER, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import component, form, tiny_components
from tests.factories.served import wait_until_served
from tests.factories.submissions import folded, hold
from tests.factories.threads import Handicap, Racers
from tests.factories.tokens import bearer

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 200
# Enough for both to win many close ones; each save of a schema costs more than the one before.
FEWER_ROUNDS = 60
Status = ChangeRequest.Status


@pytest.fixture
def world(committed_world: World) -> World:
    return committed_world


@pytest.fixture
def pair() -> Iterator[Racers]:
    with Racers(2) as racers:
        yield racers


def held(world: World, contact: Contact, number: int) -> ChangeRequest:
    return hold(world.actor(world.anna), contact, {"person": {"lastName": f"King {number}"}})


def last_name(contact: Contact) -> str:
    name: str = Contact.objects.get(pk=contact.pk).details["person"]["lastName"]
    return name


@pytest.mark.untraced
def test_cr03_of_two_reviewers_one_wins(world: World, pair: Racers) -> None:
    contact = world.contact()
    rita = make_member("rita", permissions={*ADVISER, *REVIEWER, "reach_all_contacts"})
    petra_api, rita_api = world.api(world.petra), Api(bearer(rita, app=world.app))
    for number in range(ROUNDS):
        before = last_name(contact)
        request = held(world, contact, number)
        path = request_path(contact.pk, request.pk, "review")

        answers = pair.run(
            [
                lambda path=path: petra_api.post(path, {"isApproved": True}),
                lambda path=path: rita_api.post(path, {"isApproved": False}),
            ]
        )

        assert sorted(answer.status_code for answer in answers) == [204, 409], number
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert loser.json()["subCode"] == "ChangeRequestNotPending"
        approved = answers[0].status_code == 204
        request.refresh_from_db()
        assert request.status == (Status.APPROVED if approved else Status.REJECTED)
        assert request.reviewer == (world.petra if approved else rita)
        assert ChangeSet.objects.filter(change_request=request).count() == int(approved)
        assert last_name(contact) == (f"King {number}" if approved else before)


@pytest.mark.untraced
def test_cr04_of_review_and_cancel_one_wins(world: World, pair: Racers) -> None:
    contact = world.contact()
    reviewer, initiator = world.api(world.petra), world.api(world.anna)
    for number in range(ROUNDS):
        request = held(world, contact, number)
        review = request_path(contact.pk, request.pk, "review")
        cancel = request_path(contact.pk, request.pk, "cancel")

        answers = pair.run(
            [
                lambda path=review: reviewer.post(path, {"isApproved": True}),
                lambda path=cancel: initiator.post(path),
            ]
        )

        assert sorted(answer.status_code for answer in answers) == [204, 409], number
        approved = answers[0].status_code == 204
        request.refresh_from_db()
        assert request.status == (Status.APPROVED if approved else Status.CANCELLED)
        assert ChangeSet.objects.filter(change_request=request).count() == int(approved)


def test_cr07_of_an_approval_and_a_write_of_the_same_value_none_is_lost(
    world: World, pair: Racers
) -> None:
    """The app wins: the approval is a conflict. The approval wins: the app writes after it. What
    history says was there before is what was there (CR-22).
    """
    contact = world.contact()
    app, reviewer = world.api(), world.api(world.petra)
    outcomes: Counter[int] = Counter()
    handicap = Handicap()
    for number in range(FEWER_ROUNDS):
        before = last_name(contact)
        request = held(world, contact, number)
        review = request_path(contact.pk, request.pk, "review")
        body = {"details": {"person": {"lastName": f"Lovelace {number}"}}}

        approved, written = pair.run(
            [
                lambda path=review: reviewer.post(path, {"isApproved": True}),
                lambda body=body: app.patch(details_path(contact.pk), body),
            ],
            handicap.delays,
        )
        handicap.won(first=approved.status_code == 204)

        assert written.status_code == 200, number
        assert last_name(contact) == f"Lovelace {number}"
        request.refresh_from_db()
        outcomes[approved.status_code] += 1
        if approved.status_code == 409:
            assert approved.json()["subCode"] == "ChangeRequestConflict"
            assert request.status == Status.PENDING
            reviewer.post(review, {"isApproved": False})
            steps = [(before, f"Lovelace {number}")]
        else:
            assert (approved.status_code, request.status) == (204, Status.APPROVED)
            steps = [(before, f"King {number}"), (f"King {number}", f"Lovelace {number}")]
        assert last_steps(contact, len(steps)) == steps
    # Both happen, or nothing was raced.
    assert outcomes.keys() == {204, 409}
    contact.refresh_from_db()
    assert folded(contact) == contact.details


def last_steps(contact: Contact, count: int) -> list[tuple[str, str]]:
    """From what to what the last changes of the last name went, oldest first."""
    latest = ChangeSet.objects.filter(contact=contact).order_by("-version")[:count]
    changes = [
        next(change for change in change_set.details if change["path"] == "person.lastName")
        for change_set in reversed(latest)
    ]
    return [(change["original"], change["target"]) for change in changes]


@pytest.mark.untraced
def test_c7_of_an_approval_and_a_save_that_removes_its_path_one_wins(
    world: World, pair: Racers
) -> None:
    """The save wins: the request is superseded. The approval wins: the value is stored under the
    version that has the field, and its history says so.
    """
    contact = world.contact()
    reviewer = world.api(world.petra)
    outcomes: Counter[int] = Counter()
    handicap = Handicap()
    stored: list[str] = []
    for number in range(FEWER_ROUNDS):
        # A field of its own for each round, which nothing holds before.
        path = f"tag{number}"
        token = save(world, [*stored, path])
        request = hold(world.actor(world.anna), contact, {"person": {path: "x"}})
        review = request_path(contact.pk, request.pk, "review")

        approved, _ = pair.run(
            [
                lambda path=review: reviewer.post(path, {"isApproved": True}).status_code,
                lambda stored=[*stored]: save(world, stored),
            ],
            handicap.delays,
        )
        handicap.won(first=approved == 204)

        request.refresh_from_db()
        outcomes[approved] += 1
        written = ChangeSet.objects.filter(change_request=request)
        if approved == 204:
            assert request.status == Status.APPROVED
            assert [each.schema_token for each in written] == [token], number
            stored.append(path)
        else:
            assert (approved, request.status) == (409, Status.SUPERSEDED), number
            assert not written.exists()
            assert path not in Contact.objects.get(pk=contact.pk).details["person"]
    assert outcomes.keys() == {204, 409}


def save(world: World, fields: list[str]) -> int:
    """Save the tiny schema with these marked fields beside its own, unless that would remove one
    that holds a value; gives the token of the schema afterwards.
    """
    components = tiny_components()
    components[0]["components"] += [
        component("textfield", field, crm={"isApprovalRequired": True}) for field in fields
    ]
    token = CrmSchema.objects.get(key="tiny").concurrency_token
    with suppress(Conflict):
        schema_save(
            actor=world.actor(), key="tiny", schema=form(*components), concurrency_token=token
        )
    return CrmSchema.objects.get(key="tiny").concurrency_token


def test_cr23_a_reviewer_that_hangs_up_has_decided_or_not(
    world: World, live_server: LiveServer
) -> None:
    """The connection is reset right after the request was sent: status and history agree."""
    contact = world.contact()
    address, token = urlsplit(live_server.url), bearer(world.petra, app=world.app)
    for number in range(20):
        request = held(world, contact, number)
        path = request_path(contact.pk, request.pk, "review")

        send_and_reset(address.hostname, address.port, path, token)

        wait_until_served(live_server)
        request.refresh_from_db()
        is_approved = request.status == Status.APPROVED
        assert ChangeSet.objects.filter(change_request=request).count() == int(is_approved)
        assert (last_name(contact) == f"King {number}") == is_approved
        if not is_approved:
            world.api(world.petra).post(path, {"isApproved": False})


def send_and_reset(host: str | None, port: int | None, path: str, token: str) -> None:
    body = b'{"isApproved": true}'
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, port)) as connection:
        # Closing then sends RST and forgets what was not sent.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(head.encode() + body)
