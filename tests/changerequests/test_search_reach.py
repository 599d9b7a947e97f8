"""Whose requests a search finds: reach, hierarchy, contact types (A2, A3, A5, L1)."""

from typing import Any

import pytest

from changerequests.models import ChangeRequest
from contacts.models import Member
from contacts.services.members import MemberUpdate, member_update
from legalentities.models import LegalEntity
from tests.changerequests.found_requests import DAY, Requests, rows_of
from tests.factories.api import Api, member_search_path, search_path
from tests.factories.contacts import make_app, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.submissions import hold
from tests.factories.tokens import bearer


def test_a2_a_search_finds_what_is_within_reach(requests: Requests, world: World) -> None:
    everyone = make_member(permissions=["view_contact", "reach_all_contacts"])

    assert requests.found({}, world.anna) == [requests.pending, requests.approved]
    assert requests.found({}, world.petra) == [
        requests.rejected,
        requests.pending,
        requests.approved,
    ]
    assert requests.found({}, world.carl) == [requests.carls]
    assert len(requests.found({}, everyone)) == 4
    assert requests.found({"contactIds": [requests.of_carl.pk]}, world.petra) == []


def test_a2_a_contact_reached_in_two_ways_is_found_once(world: World) -> None:
    contact = world.contact(advisers=[world.anna, world.ben, world.petra])
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    answer = world.api(world.petra).post(search_path(), {})

    assert rows_of(answer) == [request]
    assert answer.json()["totalCount"] == 1


def test_q2_exclude_hierarchy_leaves_the_members_below_aside(
    requests: Requests, world: World
) -> None:
    body, path = {"excludeHierarchy": True}, member_search_path(world.petra.pk)
    own = world.contact(adviser=world.petra)
    request = hold(world.actor(world.petra), own, {"person": {"lastName": "King"}})
    reaches_all = make_member(permissions=["view_contact", "reach_all_contacts"])

    assert requests.found(body, world.petra) == [request]
    assert requests.found(body, world.anna) == [requests.pending, requests.approved]
    assert requests.found(body, reaches_all) == []
    assert len(requests.found({"excludeHierarchy": False}, world.petra)) == 4
    assert rows_of(world.api(world.petra).post(path, body)) == [request]
    # Apps advise nobody: the filter has no effect for them, whomever they name.
    assert len(requests.found(body)) == 5
    assert len(rows_of(world.api().post(path, body))) == 4


def test_a2_an_app_finds_only_what_its_contact_types_hold(requests: Requests, world: World) -> None:
    other = make_contact_type("other", world.contact_type.schema)
    allowed, denied = make_app(contact_types=[world.contact_type]), make_app(contact_types=[other])
    path = member_search_path(world.anna.pk)

    def found(api: Api, address: str) -> int:
        return len(rows_of(api.post(address, {})))

    assert found(Api(bearer(app=allowed)), search_path()) == 4
    assert found(Api(bearer(app=denied)), search_path()) == 0
    assert found(Api(bearer(world.petra, app=denied)), search_path()) == 0
    assert found(Api(bearer(app=allowed)), path) == 2
    assert found(Api(bearer(app=denied)), path) == 0


def test_a5_a_member_is_searched_for_by_itself_and_from_above(
    requests: Requests, world: World
) -> None:
    body = {"sortBy": "Id"}

    def found(caller: Member | None, member: Member) -> list[ChangeRequest]:
        return rows_of(world.api(caller).post(member_search_path(member.pk), body))

    of_anna = [requests.approved, requests.pending]
    assert found(world.anna, world.anna) == of_anna
    assert found(world.petra, world.anna) == of_anna
    assert found(world.petra, world.petra) == [*of_anna, requests.rejected]
    assert found(None, world.anna) == of_anna
    assert found(None, world.carl) == [requests.carls]


@pytest.mark.parametrize("body", [{}, {"excludeHierarchy": True}])
def test_a5_any_other_member_is_not_found(
    requests: Requests, world: World, body: dict[str, Any]
) -> None:
    superuser = make_member(is_superuser=True)

    def status(caller: Member | None, member_id: int) -> int:
        return world.api(caller).post(member_search_path(member_id), body).status_code

    assert status(world.anna, world.petra.pk) == 404
    assert status(world.anna, world.ben.pk) == 404
    assert status(world.petra, world.carl.pk) == 404
    assert status(superuser, world.anna.pk) == 404
    for caller in (world.petra, None):
        assert [status(caller, unknown) for unknown in (0, 2**31 - 1, 2**31, 2**70)] == [404] * 4


def test_a5_a_members_wider_reach_never_widens_the_callers(
    requests: Requests, world: World
) -> None:
    auditor = make_member(manager=world.petra, permissions=["view_contact", "reach_all_contacts"])
    path = member_search_path(auditor.pk)

    of_petra = rows_of(world.api(world.petra).post(path, {"sortBy": "Id"}))
    of_app = rows_of(world.api().post(path, {}))
    direct = rows_of(world.api(world.petra).post(path, {"excludeHierarchy": True}))

    assert of_petra == [requests.approved, requests.pending, requests.rejected]
    assert len(of_app) == 4
    assert direct == []


def test_a5_an_inactive_member_reaches_by_hierarchy_alone(requests: Requests, world: World) -> None:
    auditor = make_member(permissions=["view_contact", "reach_all_contacts"], is_active=False)

    assert rows_of(world.api().post(member_search_path(auditor.pk), {})) == []


def test_a3_a_moved_member_takes_its_contacts_along(requests: Requests, world: World) -> None:
    member_update(
        actor=world.actor(), member_id=world.anna.pk, update=MemberUpdate(manager_id=world.carl.pk)
    )

    assert requests.found({}, world.petra) == [requests.rejected]
    assert requests.found({}, world.carl) == [
        requests.carls,
        requests.pending,
        requests.approved,
    ]


def test_l1_requests_of_legal_entities_are_not_among_them(requests: Requests, world: World) -> None:
    entity = LegalEntity.objects.create(display_name="Example AG", details={}, schema_token=1)
    ChangeRequest.objects.create(
        legal_entity=entity,
        created_at=DAY,
        initiator=world.anna,
        schema_token=1,
        details=[],
        paths=["person"],
    )

    found = requests.found({"paths": ["person"]})

    assert {request.legal_entity_id for request in found} == {None}
    assert len(found) == 3
    assert world.api().post(search_path(), {}).json()["totalCount"] == 4
