"""Every operation against every kind of caller: A1's matrix, and what is out of reach (AZ)."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from changerequests.models import ChangeRequest
from config.common.access import ACCESS
from config.common.models import AuditEvent, IdempotencyKey
from contacts.models import ChangeSet, Contact, ContactAssignment
from tests.factories.api import (
    Api,
    details_path,
    history_path,
    members_path,
    pending_path,
    request_path,
)
from tests.factories.contacts import make_app, make_member
from tests.factories.effort import calls_of
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold
from tests.factories.tokens import bearer

FREE = {"details": {"person": {"firstName": "Eva", "nickname": "x"}}}


class Operation(NamedTuple):
    """One operation on a contact and its request."""

    name: str
    method: str
    path: Callable[[int, int], str]
    body: Any = None


ON_CONTACT = [
    Operation("getContactDetails", "GET", lambda c, r: details_path(c)),
    Operation("patchContactDetails", "PATCH", lambda c, r: details_path(c), FREE),
    Operation("putContactDetails", "PUT", lambda c, r: details_path(c), FREE),
    Operation("putContactMembers", "PUT", lambda c, r: members_path(c), {"memberUids": []}),
    Operation("searchChangeHistory", "POST", lambda c, r: history_path(c), {}),
    Operation("getChangeRequest", "GET", lambda c, r: request_path(c, r)),
    Operation("checkPendingChangeRequest", "GET", lambda c, r: pending_path(c)),
    Operation(
        "reviewChangeRequest",
        "POST",
        lambda c, r: request_path(c, r, "review"),
        {"isApproved": True},
    ),
    Operation(
        "putContactRetention",
        "PUT",
        lambda c, r: f"/v1.1/contacts/{c}/retention",
        {"retainUntil": None, "reason": "x"},
    ),
    Operation("getPersonalData", "GET", lambda c, r: f"/v1.1/contacts/{c}/personal-data"),
    Operation("cancelChangeRequest", "POST", lambda c, r: request_path(c, r, "cancel")),
]
ALL = [operation for operation in ON_CONTACT if operation.name in ACCESS]
each_operation = pytest.mark.parametrize("operation", ALL, ids=[each.name for each in ALL])


@pytest.fixture
def request_of_anna(world: World) -> ChangeRequest:
    return hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})


def call(api: Api, operation: Operation, contact_id: int, request_id: int) -> HttpResponse:
    return api.call(operation.method, operation.path(contact_id, request_id), operation.body)


def state() -> tuple[Any, ...]:
    """Everything that a refused call must leave as it is."""
    return (
        list(Contact.objects.values_list("pk", "version", "details")),
        list(ChangeRequest.objects.values_list("pk", "status")),
        list(ContactAssignment.objects.values_list("contact_id", "member_id")),
        ChangeSet.objects.count(),
        AuditEvent.objects.count(),
        IdempotencyKey.objects.count(),
    )


def everything(world: World) -> Api:
    """A member with every permission but reach."""
    codenames = {
        access.permission.partition(".")[2] for access in ACCESS.values() if access.permission
    }
    return Api(bearer(make_member(permissions=codenames), app=world.app))


def visible(answer: HttpResponse) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {**answer.json(), "correlationId": ""}


@each_operation
def test_az01_without_a_token_it_is_refused(
    request_of_anna: ChangeRequest, operation: Operation
) -> None:
    before = state()

    answer = call(Api(), operation, request_of_anna.contact_id, request_of_anna.pk)

    assert answer.status_code == 401
    assert state() == before


@each_operation
def test_az03_out_of_reach_answers_as_what_does_not_exist(
    world: World, request_of_anna: ChangeRequest, operation: Operation
) -> None:
    outsider = everything(world)
    before = state()

    forbidden = call(outsider, operation, request_of_anna.contact_id, request_of_anna.pk)
    absent = call(outsider, operation, 999_999, 999_999)

    assert visible(forbidden) == visible(absent)
    assert forbidden.status_code == 404
    assert {name: value for name, value in forbidden.items() if name != "X-Correlation-ID"} == {
        name: value for name, value in absent.items() if name != "X-Correlation-ID"
    }
    assert state() == before


@each_operation
def test_a1_scope_and_permission_are_both_needed(
    world: World, request_of_anna: ChangeRequest, operation: Operation
) -> None:
    access = ACCESS[operation.name]
    target = (request_of_anna.contact_id, request_of_anna.pk)
    scopes = [scope for scope in world.app.scopes if scope != access.scope]
    before = state()

    powerless = make_member(permissions=["reach_all_contacts"])
    unscoped = Api(bearer(app=make_app(scopes=scopes)))
    unscoped_member = Api(bearer(make_member(is_superuser=True), app=make_app(scopes=scopes)))

    assert call(unscoped, operation, *target).status_code == 403
    assert call(unscoped_member, operation, *target).status_code == 403
    assert call(world.api(powerless), operation, *target).status_code == 403
    if not access.apps:
        assert call(world.api(), operation, *target).status_code == 403
    assert state() == before


@each_operation
def test_az20_a_refusal_takes_as_long_as_an_absence(
    world: World, request_of_anna: ChangeRequest, operation: Operation
) -> None:
    outsider = everything(world)

    def work(contact_id: int) -> int:
        return calls_of(lambda: call(outsider, operation, contact_id, request_of_anna.pk))

    def statements(contact_id: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            call(outsider, operation, contact_id, request_of_anna.pk)
        return len(captured)

    there, absent = request_of_anna.contact_id, 999_999

    assert statements(there) == statements(absent)
    # No clock of a busy machine tells them apart as finely as the functions that are entered.
    assert work(there) == pytest.approx(work(absent), rel=0.02)


def test_cr17_who_may_not_review_is_refused_and_who_does_not_reach_finds_nothing(
    world: World, request_of_anna: ChangeRequest
) -> None:
    path = request_path(request_of_anna.contact_id, request_of_anna.pk, "review")

    without_right = world.api(world.anna).post(path, {"isApproved": True})
    without_reach = world.api(world.ben).post(path, {"isApproved": True})

    assert (without_right.status_code, without_reach.status_code) == (403, 404)
    assert ChangeRequest.objects.get().status == ChangeRequest.Status.PENDING


def test_a1_a_member_may_not_assign_without_the_permission(world: World) -> None:
    contact = world.contact()
    body = {"memberUids": [str(world.carl.uid)]}

    refused = world.api(world.anna).put(members_path(contact.pk), body)

    assert refused.status_code == 403
    assert [assignment.member for assignment in contact.assignments.all()] == [world.anna]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "//v1.0/contacts/{id}/details", 404),
        ("GET", "/v1.0/contacts/{id}/details/", 404),
        ("GET", "/v1.0//contacts/{id}/details", 404),
        ("GET", "/v1.0/contacts/{id}/details;jsessionid=1", 404),
        ("GET", "/v1.0/contacts/{id}.0/details", 404),
        ("GET", "/v1.0/contacts/-1/details", 404),
        ("GET", "/V1.0/contacts/{id}/details", 404),
        ("GET", "/v1.2/contacts/{id}/details", 404),
        ("DELETE", "/v1.0/contacts/{id}/details", 405),
        ("POST", "/v1.0/contacts/{id}/details", 405),
        ("OPTIONS", "/v1.0/contacts/{id}/details", 405),
        ("GET", "/v1.0/contacts/{id}/details", 200),
    ],
)
def test_az18_other_spellings_are_other_addresses(
    world: World, method: str, path: str, status: int
) -> None:
    contact = world.contact()

    answer = world.api(world.anna).call(method, path.format(id=contact.pk))

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"


def test_az18_headers_of_proxies_and_overrides_change_nothing(world: World) -> None:
    contact = world.contact()
    headers = {
        "X_HTTP_Method_Override": "PATCH",
        "X_Forwarded_User": "anna",
        "X_Forwarded_For": "127.0.0.1",
        "X_Original_URL": "/admin/",
    }

    stranger = Api().get(details_path(contact.pk), **headers)
    reader = world.api(world.carl).call("POST", details_path(contact.pk), FREE, **headers)

    assert (stranger.status_code, reader.status_code) == (401, 405)
    assert Contact.objects.get().details == tiny_details(displayName="Ada Byron")
