"""Every route is in the access matrix, and the matrix decides (rule A1)."""

from collections.abc import Iterable

import pytest
from django.core.checks import Error

from config.common.access import ACCESS, SCOPES, is_allowed
from config.common.actors import SYSTEM
from config.common.api import NO_CONTENT, ApiView
from config.common.checks import check_operations, view_problems
from config.common.routes import api_routes
from tests.contract.calls import BODIES, address, calls
from tests.contract.still_to_come import ADDITIONS_TO_COME, OPERATIONS_TO_COME
from tests.factories.api import Api
from tests.factories.contacts import make_app, make_member
from tests.factories.fixtures import World
from tests.factories.tokens import bearer

CALLS = calls()
ADDRESSES = sorted({address(route) for route, view in api_routes() if view.operations})
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PERMISSIONS = {access.permission for access in ACCESS.values() if access.permission}
# What a caller that is let in is answered, with ids that nothing has.
LET_IN = {
    "searchAuditEvents": 200,
    "createContact": 400,
    "listChangeRequestStatuses": 200,
    "findContactByExternalConnection": 400,
    "getContactDetailsAsOf": 400,
    "searchChangeRequests": 200,
    "listItems": 200,
}


def test_a1_routes_are_in_the_matrix() -> None:
    assert CALLS.keys() <= ACCESS.keys()


def test_a1_matrix_names_only_operations_that_exist_or_come() -> None:
    assert ACCESS.keys() - CALLS.keys() <= OPERATIONS_TO_COME | ADDITIONS_TO_COME
    assert not ADDITIONS_TO_COME & CALLS.keys()


def test_a1_operations_outside_of_the_matrix_are_denied() -> None:
    assert not is_allowed(SYSTEM, "notInTheMatrix")


@pytest.mark.parametrize("path", [*ADDRESSES, "/v1.0/", "/v1.1/nothing", "/v1.9/contacts"])
@pytest.mark.parametrize(
    ("token", "challenge"), [(None, "Bearer"), ("no.such.token", 'Bearer error="invalid_token"')]
)
def test_a1_every_address_asks_for_a_token(path: str, token: str | None, challenge: str) -> None:
    for method in METHODS:
        answer = Api(token).call(method, path, b"{")

        assert answer.status_code == 401, method
        assert answer.headers["WWW-Authenticate"] == challenge, method


def status_of(operation: str, token: str) -> int:
    method, path = CALLS[operation]
    return Api(token).call(method, path, BODIES.get(operation)).status_code


def member_token(permissions: Iterable[str | None], scopes: Iterable[str | None]) -> str:
    codenames = [name.partition(".")[2] for name in permissions if name]
    return bearer(make_member(permissions=codenames), app=app_with(scopes))


def app_with(scopes: Iterable[str | None]):
    return make_app(scopes=[scope for scope in scopes if scope])


@pytest.mark.django_db
@pytest.mark.parametrize("operation", sorted(CALLS))
def test_a1_the_matrix_decides_who_may_call(operation: str) -> None:
    access, let_in = ACCESS[operation], LET_IN.get(operation, 404)
    own_scope, own_permission = {access.scope}, {access.permission}
    other_scopes, other_permissions = set(SCOPES) - own_scope, PERMISSIONS - own_permission

    app = status_of(operation, bearer(app=app_with(own_scope)))
    app_without_scope = status_of(operation, bearer(app=app_with(other_scopes)))
    member = status_of(operation, member_token(own_permission, own_scope))
    without_permission = status_of(operation, member_token(other_permissions, SCOPES))
    without_scope = status_of(operation, member_token(PERMISSIONS, other_scopes))

    refused_by_scope = 403 if access.scope else let_in
    assert app == (let_in if access.apps else 403)
    assert app_without_scope == (refused_by_scope if access.apps else 403)
    assert member == (let_in if access.members else 403)
    assert without_permission == (403 if access.permission else member)
    assert without_scope == (403 if access.scope else member)


@pytest.mark.parametrize("path", ADDRESSES)
def test_f2_other_methods_are_405_and_name_what_is_allowed(path: str, world: World) -> None:
    allowed = {method for method, each in CALLS.values() if each == path}

    for method in {*METHODS} - allowed - ({"HEAD"} if "GET" in allowed else set()):
        answer = world.api().call(method, path)

        assert answer.status_code == 405, method
        assert set(answer.headers["Allow"].split(", ")) == allowed


def test_unknown_addresses_are_404_with_a_token(world: World) -> None:
    for path in ("/v1.0/", "/v1.1/nothing", "/v1.0/contacts/x/details"):
        assert world.api().get(path).status_code == 404


class _Undeclared(ApiView):
    operations = {"get": "notInTheMatrix", "post": "createContact"}
    outputs = {"get": NO_CONTENT}

    def get(self) -> None: ...


def test_a1_system_check_passes_on_our_routes() -> None:
    assert check_operations() == []


def test_a1_system_check_finds_operations_that_the_matrix_lacks() -> None:
    problems = list(view_problems(_Undeclared))

    assert [(type(each), each.id, each.msg) for each in problems] == [
        (Error, "common.E001", "The access matrix lacks the operation notInTheMatrix."),
        (Error, "common.E002", "The operation createContact lacks a handler or an output."),
    ]
