"""Two at the same instant, with real threads on real connections (C3, C5, D9, D10, D11, S5, U1)."""

from collections import Counter
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from changerequests.models import ChangeRequest
from contacts.models import ChangeSet, Contact
from crmschema.locks import schema_lock_shared
from crmschema.models import CrmSchema, SchemaCheck
from crmschema.services import schema_save
from tests.factories.api import Api, details_path
from tests.factories.checks import make_check
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.schemas import form, tiny_components, tiny_details
from tests.factories.submissions import folded, submit
from tests.factories.threads import TIMEOUT_SECONDS, Racers
from tests.factories.tokens import bearer

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 40
Status = ChangeRequest.Status


@pytest.fixture
def world(committed_world: World) -> World:
    return committed_world


@pytest.fixture
def pair() -> Iterator[Racers]:
    with Racers(2) as racers:
        yield racers


@pytest.mark.untraced
def test_cr13_of_twenty_members_one_request_waits(world: World) -> None:
    contact = world.contact()
    members = [make_member(manager=None) for _ in range(20)]
    for member in members:
        contact.assignments.create(member=member)
    apis = [Api(bearer(member, app=world.app)) for member in members]
    path = details_path(contact.pk)
    with Racers(20) as racers:
        for number in range(ROUNDS):
            body = {"details": {"person": {"lastName": f"King {number}"}}}

            answers = racers.run([lambda api=api, body=body: api.patch(path, body) for api in apis])

            counts = Counter(answer.status_code for answer in answers)
            assert counts == {200: 1, 409: 19}, number
            winner = next(answer for answer in answers if answer.status_code == 200)
            request = ChangeRequest.objects.get(status=Status.PENDING)
            assert winner.json()["changeRequestId"] == request.pk
            refusals = [answer.json() for answer in answers if answer.status_code == 409]
            assert {each["subCode"] for each in refusals} == {"PendingChangeRequestExists"}
            assert {each["properties"]["changeRequestId"] for each in refusals} == {request.pk}
            ChangeRequest.objects.filter(pk=request.pk).update(status=Status.REJECTED)
    assert Contact.objects.get().version == 1


def test_d11_parallel_writes_lose_nothing(world: World) -> None:
    contact = world.contact()
    path, api, keys = details_path(contact.pk), world.api(), ["nickname", "height"]
    with Racers(8) as racers:
        for number in range(20):
            bodies = [
                {"details": {"notes": [{"text": f"{number}-{racer}"}]}}
                if racer % 3 == 0
                else {"details": {"person": {keys[racer % 2]: _value(racer, number)}}}
                for racer in range(8)
            ]

            answers = racers.run([lambda body=body: api.patch(path, body) for body in bodies])

            assert {answer.status_code for answer in answers} == {200}, number
    stored = Contact.objects.get()
    versions = list(ChangeSet.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, stored.version + 1))
    assert folded(stored) == stored.details


def _value(racer: int, number: int) -> Any:
    return f"{number}-{racer}" if racer % 2 == 0 else number * 10 + racer


def test_d9_of_two_writers_with_one_version_one_wins(world: World, pair: Racers) -> None:
    contact = world.contact()
    path, api = details_path(contact.pk), world.api()
    for version in range(1, 41):
        bodies = [{"details": {"person": {"nickname": f"{version} {name}"}}} for name in "ab"]

        answers = pair.run(
            [
                lambda body=body, tag=f'"{version}"': api.patch(path, body, If_Match=tag)
                for body in bodies
            ]
        )

        assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_d10_the_same_request_at_once_takes_effect_once(world: World) -> None:
    api, kind = world.api(), world.contact_type.pk
    with Racers(4) as racers:
        for number in range(25):
            body = {
                "contactTypeId": kind,
                "details": tiny_details(),
                "correlationId": f"c{number}",
            }

            answers = racers.run([lambda body=body: api.post("/v1.0/contacts", body)] * 4)

            created = {answer.json()["id"] for answer in answers if answer.status_code == 201}
            assert len(created) == 1, number
            refused = [answer.json() for answer in answers if answer.status_code != 201]
            assert {each["subCode"] for each in refused} <= {"RequestInProgress"}
            assert Contact.objects.count() == number + 1


def test_u1_of_two_creates_with_one_username_one_wins(world: World, pair: Racers) -> None:
    api, kind = world.api(), world.contact_type.pk
    for number in range(40):
        bodies = [
            {"contactTypeId": kind, "details": tiny_details(), "username": f"{name}{number}"}
            for name in ("STRASSE", "straße")
        ]

        answers = pair.run([lambda body=body: api.post("/v1.0/contacts", body) for body in bodies])

        assert sorted(answer.status_code for answer in answers) == [201, 422]
        assert Contact.objects.count() == number + 1
    assert ChangeSet.objects.count() == Contact.objects.count()


# --- Schemas (S5) ------------------------------------------------------------------------------
def test_s5_a_save_waits_for_writers_and_writers_for_a_save(world: World) -> None:
    contact = world.contact()
    components = tiny_components()
    components[0]["components"][6]["validate"] = {"maxLength": 3}
    text, actor = form(*components), world.actor()
    schema_id = CrmSchema.objects.get(key="tiny").pk
    saved = Event()

    def save() -> None:
        schema_save(actor=actor, key="tiny", schema=text, concurrency_token=1)
        saved.set()
        connection.close()

    saver = Thread(target=save)
    with transaction.atomic():
        schema_lock_shared(schema_id)
        saver.start()
        # The writer still works under the old version, and the save is not through.
        result = submit(actor, contact, {"person": {"nickname": "ada"}})
        assert not saved.wait(0.5)
    saver.join(TIMEOUT_SECONDS)

    assert saved.is_set()
    assert result.version == 2
    assert Contact.objects.get().schema_token == 1
    answer = world.api().patch(
        details_path(contact.pk), {"details": {"person": {"nickname": "other"}}}
    )
    assert answer.status_code == 400
    assert submit(actor, contact, {"person": {"nickname": "abc"}}).version == 3
    assert Contact.objects.get().schema_token == 2


def test_s5_no_value_is_stored_under_an_old_version(world: World) -> None:
    """While schemas allow and forbid a value in turn, it is stored under those that allow it."""
    contact, actor, api = world.contact(tiny_details(nickname="long")), world.actor(), world.api()
    components = tiny_components()
    allowing = form(*components)
    components[0]["components"][6]["validate"] = {"maxLength": 3}
    forbidding = form(*components)
    path = details_path(contact.pk)

    def save(text: str, check: SchemaCheck) -> int:
        schema_save(
            actor=actor,
            key="tiny",
            schema=text,
            concurrency_token=check.token,
            accepted_check=check.uid,
        )
        return 200

    with Racers(4) as racers:
        for number in range(1, 31):
            bodies = [{"details": {"person": {"nickname": f"v{number}-{n}"}}} for n in range(3)]
            patches = [lambda body=body: api.patch(path, body).status_code for body in bodies]

            text = forbidding if number % 2 else allowing
            # The stored value is too long already, which is accepted.
            check = make_check(text, token=number)

            statuses = racers.run([lambda text=text, check=check: save(text, check), *patches])

            assert set(statuses[1:]) <= {200, 400}, number
    assert ChangeSet.objects.filter(kind="change").exists()
    for token, details in ChangeSet.objects.filter(kind="change").values_list(
        "schema_token", "details"
    ):
        # Tokens that are odd came of saving the allowing text.
        assert token % 2 == 1, details
