"""How many statements an operation takes: exactly so many, however much data there is."""

from collections.abc import Callable
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from contacts.models import Contact
from contacts.services.connections import connection_add
from tests.factories.api import (
    Api,
    connection_path,
    connections_path,
    details_path,
    history_path,
    member_search_path,
    pending_path,
    request_path,
    search_path,
    username_path,
)
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold, submit

_number = count()
Call = Callable[[World, Contact], object]


def read(world: World, contact: Contact) -> object:
    return world.api(world.anna).get(details_path(contact.pk))


def write(world: World, contact: Contact) -> object:
    body = {"details": {"person": {"nickname": str(next(_number))}}}
    return world.api(world.anna).patch(details_path(contact.pk), body)


def search(world: World, contact: Contact) -> object:
    return world.api(world.anna).post(history_path(contact.pk), {"pageSize": 200})


def check(world: World, contact: Contact) -> object:
    return world.api(world.anna).get(pending_path(contact.pk))


def show(world: World, contact: Contact) -> object:
    request = contact.change_requests.get()
    with_request: Api = world.api(world.anna)
    return with_request.get(request_path(contact.pk, request.pk))


def username(world: World, contact: Contact) -> object:
    return world.api(world.anna).get(username_path(contact.pk))


def rename(world: World, contact: Contact) -> object:
    return world.api().put(username_path(contact.pk), {"username": f"name {next(_number)}"})


def connections(world: World, contact: Contact) -> object:
    return world.api(world.anna).get(connections_path(contact.pk))


def connect(world: World, contact: Contact) -> object:
    body = {"system": "Sso", "externalId": f"id {next(_number)}"}
    return world.api().post(connections_path(contact.pk), body)


def find(world: World, contact: Contact) -> object:
    return world.api(world.anna).get(connection_path("Sso", f"sso {contact.pk}"))


def show_by_id(world: World, contact: Contact) -> object:
    request = contact.change_requests.get()
    path = request_path(contact.pk, request.pk, version="v1.0")
    return world.api(world.anna).get(path)


def search_requests(world: World, contact: Contact) -> object:
    body = {"contactIds": [contact.pk], "pageSize": 200, "paths": ["person"]}
    return world.api(world.petra).post(search_path(), body)


def search_requests_of_member(world: World, contact: Contact) -> object:
    body = {"contactIds": [contact.pk], "pageSize": 1, "sortBy": "ReviewDate"}
    return world.api(world.petra).post(member_search_path(world.anna.pk), body)


def create(world: World, contact: Contact) -> object:
    body = {"contactTypeId": world.contact_type.pk, "details": tiny_details()}
    return world.api().post("/v1.0/contacts", body)


def statements(call: Call, world: World, contact: Contact) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call(world, contact)
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (read, 1),
        (write, 2),
        (search, 4),
        (check, 2),
        (show, 4),
        (create, 3),
        (username, 1),
        (rename, 6),
        (connections, 2),
        (connect, 4),
        (find, 2),
        (show_by_id, 4),
        (search_requests, 4),
        (search_requests_of_member, 5),
    ],
)
def test_statements_do_not_grow_with_data(world: World, call: Call, expected: int) -> None:
    small = world.contact()
    hold(world.actor(world.anna), small, {"person": {"lastName": "King"}})
    big = world.contact(
        {**tiny_details(), "notes": [{"id": str(number), "text": "x"} for number in range(200)]},
        advisers=[world.ben, world.carl, *(make_member(manager=world.petra) for _ in range(20))],
    )
    for contact in (small, big):
        add = {"actor": SYSTEM, "contact_id": contact.pk, "system": "Sso"}
        connection_add(**add, external_id=f"sso {contact.pk}")
    for number in range(30):
        submit(world.actor(), big, {"person": {"height": number}})
    rows = [{"id": str(number), "text": "y"} for number in range(200)]
    hold(world.actor(world.anna), big, {"person": {"lastName": "King"}, "notes": rows})
    call(world, small)  # compiles the schema once

    counts = [statements(call, world, contact) for contact in (small, big)]

    assert counts == [expected, expected]
