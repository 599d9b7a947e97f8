"""The searches of change requests: filters, orders, pages, reach (A2, A5, Q1, Q2, L1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from changerequests.models import ChangeRequest
from contacts.models import Contact, Member
from contacts.services.members import MemberUpdate, member_update
from legalentities.models import LegalEntity
from tests.factories.api import Api, member_search_path, pending_path, request_path, search_path
from tests.factories.contacts import make_app, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold
from tests.factories.tokens import bearer

Status = ChangeRequest.Status
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Requests:
    """Of anna's contact an approved, then a pending one; of ben's contact a rejected, of carl's a
    pending one; created on four days in a row.
    """

    world: World
    of_anna: Contact
    of_ben: Contact
    of_carl: Contact
    approved: ChangeRequest
    pending: ChangeRequest
    rejected: ChangeRequest
    carls: ChangeRequest

    def found(self, body: dict[str, Any], member: Member | None = None) -> list[ChangeRequest]:
        return rows_of(self.world.api(member).post(search_path(), body))


def rows_of(answer: Any) -> list[ChangeRequest]:
    assert answer.status_code == 200, answer.content
    return [ChangeRequest.objects.get(pk=row["id"]) for row in answer.json()["results"]]


@pytest.fixture
def requests(world: World) -> Requests:
    of_anna = world.contact()
    of_ben = world.contact(adviser=world.ben)
    of_carl = world.contact({**tiny_details(), "channels": {}}, adviser=world.carl)
    anna, petra = world.actor(world.anna), world.actor(world.petra)
    approved = decide(petra, hold(anna, of_anna, {"person": {"lastName": "King"}}))
    pending = hold(anna, of_anna, {"person": {"lastName": "Byron", "nickname": "B"}})
    rejected = decide(
        world.actor(world.ben),
        hold(petra, of_ben, {"person": {"lastName": "King"}}),
        is_approved=False,
    )
    address = {"channels": {"addresses": [{"city": "x"}, {"street": "one"}]}}
    carls = hold(world.actor(world.carl), of_carl, address)
    for days, request in enumerate((approved, pending, rejected, carls)):
        dates = {"created_at": DAY + timedelta(days=days)}
        if request.reviewer_id is not None:
            dates["reviewed_at"] = DAY + timedelta(days=10 - days)
        ChangeRequest.objects.filter(pk=request.pk).update(**dates)
        request.refresh_from_db()
    return Requests(world, of_anna, of_ben, of_carl, approved, pending, rejected, carls)


def test_a_row_names_contact_status_and_people(requests: Requests, world: World) -> None:
    body = {"statusId": 2}

    current = world.api(world.petra).post(f"{search_path()}?language=de", body).json()
    deprecated = world.api(world.petra).post(member_search_path(world.petra.pk), body).json()

    row = {
        "id": requests.approved.pk,
        "contact": {
            "id": requests.of_anna.pk,
            "uId": str(requests.of_anna.uid),
            "name": "Ada King",
        },
        "status": {"id": 2, "name": "Genehmigt"},
        "createDate": "2026-03-01T12:00:00Z",
        "initiatorMember": {"uid": str(world.anna.uid), "name": "anna"},
        "reviewDate": "2026-03-11T12:00:00Z",
        "reviewMember": {"uid": str(world.petra.uid), "name": "petra"},
    }
    page = {"page": 0, "pageSize": 25, "pageCount": 1, "totalCount": 1}
    assert current == {"results": [row], **page}
    in_english = {
        **row,
        "status": {"id": 2, "name": "Approved"},
        "initiatorMember": {"id": world.anna.pk, "name": "anna"},
        "reviewMember": {"id": world.petra.pk, "name": "petra"},
    }
    assert deprecated == {"results": [in_english], **page}


def test_what_has_no_review_shows_none(requests: Requests, world: World) -> None:
    row = world.api(world.anna).post(search_path(), {"statusId": 1}).json()["results"][0]

    assert (row["id"], row["reviewDate"], row["reviewMember"]) == (requests.pending.pk, None, None)


FILTERS: list[tuple[Callable[[Requests], dict[str, Any]], set[str]]] = [
    (lambda r: {}, {"approved", "pending", "rejected", "carls"}),
    (lambda r: {"statusId": None}, {"approved", "pending", "rejected", "carls"}),
    (lambda r: {"statusId": 1}, {"pending", "carls"}),
    (lambda r: {"statusId": 6}, set()),
    (lambda r: {"statusId": -(2**31)}, set()),
    (lambda r: {"statusId": 2**31 - 1}, set()),
    (
        lambda r: {"createDateFrom": r.pending.created_at.isoformat()},
        {"pending", "rejected", "carls"},
    ),
    (lambda r: {"createDateTo": r.pending.created_at.isoformat()}, {"approved"}),
    (
        lambda r: {
            "createDateFrom": "2026-03-02T12:00:00",
            "createDateTo": "2026-03-02T12:00:00.000001",
        },
        {"pending"},
    ),
    (
        lambda r: {"createDateFrom": "2026-03-02T12:00:00", "createDateTo": "2026-03-02T12:00:00"},
        set(),
    ),
    (lambda r: {"reviewDateFrom": r.rejected.reviewed_at.isoformat()}, {"approved", "rejected"}),
    (lambda r: {"reviewDateTo": r.approved.reviewed_at.isoformat()}, {"rejected"}),
    (
        lambda r: {"reviewDateFrom": None, "reviewDateTo": None, "paths": None},
        {"approved", "pending", "rejected", "carls"},
    ),
    (lambda r: {"initiatorMemberUids": [str(r.world.anna.uid)]}, {"approved", "pending"}),
    (
        lambda r: {"initiatorMemberUids": [str(r.world.petra.uid), str(r.world.carl.uid)]},
        {"rejected", "carls"},
    ),
    (lambda r: {"initiatorMemberUids": []}, set()),
    (lambda r: {"reviewMemberUids": [str(r.world.ben.uid)]}, {"rejected"}),
    (lambda r: {"reviewMemberUids": []}, set()),
    (lambda r: {"contactIds": [r.of_ben.pk, 0, -1, 2**31 - 1]}, {"rejected"}),
    (lambda r: {"contactIds": []}, set()),
    (lambda r: {"paths": []}, set()),
    (lambda r: {"statusId": 1, "contactIds": [r.of_anna.pk]}, {"pending"}),
]


@pytest.mark.parametrize(("body", "expected"), FILTERS)
def test_q2_filters_narrow_what_is_found(
    requests: Requests, body: Callable[[Requests], dict[str, Any]], expected: set[str]
) -> None:
    found = requests.found(body(requests))

    assert {request.pk for request in found} == {getattr(requests, name).pk for name in expected}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["person"], {"approved", "pending", "rejected"}),
        (["person.nickname"], {"pending"}),
        (["person.last"], set()),
        (["channels"], {"carls"}),
        (["channels.addresses"], {"carls"}),
        (["channels.addresses.street"], {"carls"}),
        (["channels.addresses[1]"], {"carls"}),
        (["channels.addresses[1].street"], {"carls"}),
        (["channels.addresses[0].street"], set()),
        (["channels.addresses[2]"], set()),
        (["person.nickname", "channels.addresses[0].city"], {"pending", "carls"}),
        (["no such path", "", "%"], set()),
    ],
)
def test_q1_paths_match_with_and_without_indexes_and_all_below(
    requests: Requests, paths: list[str], expected: set[str]
) -> None:
    found = requests.found({"paths": paths})

    assert {request.pk for request in found} == {getattr(requests, name).pk for name in expected}


def test_the_deprecated_search_names_people_by_id(requests: Requests, world: World) -> None:
    api, path = world.api(), member_search_path(world.petra.pk)

    def found(body: dict[str, Any]) -> list[ChangeRequest]:
        return rows_of(api.post(path, body))

    assert found({"initiatorMemberIds": [world.petra.pk, 0]}) == [requests.rejected]
    assert found({"reviewMemberIds": [world.petra.pk]}) == [requests.approved]
    assert found({"initiatorMemberIds": []}) == []
    assert found({"reviewMemberIds": None, "paths": ["person.nickname"]}) == [requests.pending]


@pytest.mark.parametrize(
    ("sort_by", "ascending"),
    [
        ("Id", ["approved", "pending", "rejected", "carls"]),
        ("StatusId", ["pending", "carls", "approved", "rejected"]),
        ("CreateDate", ["approved", "pending", "rejected", "carls"]),
        ("InitiatorMemberId", ["rejected", "approved", "pending", "carls"]),
        ("ContactId", ["approved", "pending", "rejected", "carls"]),
        ("ReviewDate", ["pending", "carls", "rejected", "approved"]),
        ("ReviewMemberId", ["pending", "carls", "approved", "rejected"]),
    ],
)
def test_q1_every_order_is_total_and_both_ways(
    requests: Requests, sort_by: str, ascending: list[str]
) -> None:
    expected = [getattr(requests, name) for name in ascending]

    plain = requests.found({"sortBy": sort_by})
    lower = requests.found({"sortBy": sort_by.lower(), "sortOrder": "Ascending"})
    descending = requests.found({"sortBy": sort_by, "sortOrder": "Descending"})

    assert (plain, lower) == (expected, expected)
    assert descending == expected[::-1]


def test_q1_without_an_order_the_latest_come_first(requests: Requests) -> None:
    latest = [requests.carls, requests.rejected, requests.pending, requests.approved]

    assert requests.found({}) == latest
    assert requests.found({"sortBy": None, "sortOrder": "Descending"}) == latest
    assert requests.found({"sortBy": "", "sortOrder": "Ascending"}) == latest[::-1]


@pytest.mark.parametrize(
    ("page", "names", "total"),
    [
        ({"page": 0, "pageSize": 3}, ["carls", "rejected", "pending"], 4),
        ({"page": 1, "pageSize": 3}, ["approved"], 4),
        ({"page": 2, "pageSize": 3}, [], 4),
        ({"page": 0, "pageSize": 4}, ["carls", "rejected", "pending", "approved"], 4),
        ({"page": 1, "pageSize": 4}, [], 4),
        ({"page": 2**31 - 1, "pageSize": 200}, [], 4),
        ({"page": 0, "statusId": 5}, [], 0),
        ({"page": 3, "statusId": 5}, [], 0),
    ],
)
def test_q1_pages_are_counted_however_they_are_cut(
    requests: Requests, world: World, page: dict[str, int], names: list[str], total: int
) -> None:
    answer = world.api().post(search_path(), page)

    size = page.get("pageSize", 25)
    assert rows_of(answer) == [getattr(requests, name) for name in names]
    del (shown := answer.json())["results"]
    assert shown == {
        "page": page["page"],
        "pageSize": size,
        "pageCount": -(-total // size),
        "totalCount": total,
    }


@pytest.mark.parametrize(
    "body",
    [
        {"sortBy": "Comment"},
        {"sortOrder": "ascending"},
        {"page": -1},
        {"pageSize": 201},
        {"pageSize": None},
        {"statusId": "1"},
        {"excludeHierarchy": None},
        {"excludeHierarchy": "true"},
        {"createDateFrom": "2026-03-02T00:00:00Z", "createDateTo": "2026-03-01T00:00:00Z"},
        {"reviewDateFrom": "2026-03-02T00:00:00Z", "reviewDateTo": "2026-03-01T00:00:00Z"},
        {"createDateFrom": "2026-03-02"},
        {"contactIds": [2**31]},
        {"contactIds": 1},
        {"paths": [None]},
        {"paths": ["x\x00"]},
        {"paths": ["x"] * 1001},
        {"statusIds": [1]},
        {"memberUids": []},
        [],
    ],
)
def test_q4_wrong_filters_are_refused_by_both_searches(
    requests: Requests, world: World, body: Any
) -> None:
    for path in (search_path(), member_search_path(world.anna.pk)):
        assert world.api().post(path, body).status_code == 400


def test_q4_each_search_names_people_in_its_own_way_only(world: World) -> None:
    by_id, by_uid = {"initiatorMemberIds": []}, {"reviewMemberUids": []}

    assert world.api().post(search_path(), by_id).status_code == 400
    assert world.api().post(member_search_path(world.anna.pk), by_uid).status_code == 400


# --- Reach -------------------------------------------------------------------------------------
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


# --- The deprecated twins ----------------------------------------------------------------------
def test_f4_a_request_by_its_deprecated_address_names_people_by_id(
    requests: Requests, world: World
) -> None:
    current = request_path(requests.of_anna.pk, requests.approved.pk)
    api = world.api(world.anna)

    shown = api.get(current).json()
    answer = api.get(request_path(requests.of_anna.pk, requests.approved.pk, version="v1.0"))

    assert answer.json() == {
        **shown,
        "initiatorMember": {"id": world.anna.pk, "name": "anna"},
        "reviewMember": {"id": world.petra.pk, "name": "petra"},
    }
    assert answer["Deprecation"] == "@1767225600"
    assert answer["Link"] == f'<{current}>; rel="successor-version"'


def test_f4_the_deprecated_check_names_the_initiator_by_id(
    requests: Requests, world: World
) -> None:
    answer = world.api(world.anna).get(pending_path(requests.of_anna.pk, "v1.0"))
    without = world.api(world.ben).get(pending_path(requests.of_ben.pk, "v1.0"))

    assert answer.json() == {
        "hasPendingChangeRequest": True,
        "changeRequest": {
            "id": requests.pending.pk,
            "initiatorMember": {"id": world.anna.pk, "name": "anna"},
            "createdDate": "2026-03-02T12:00:00Z",
        },
    }
    successor = pending_path(requests.of_anna.pk)
    assert answer["Link"] == f'<{successor}>; rel="successor-version"'
    assert without.json() == {"hasPendingChangeRequest": False, "changeRequest": None}


def test_f4_the_deprecated_search_names_its_successor(world: World) -> None:
    answer = world.api().post(member_search_path(world.anna.pk), {})

    assert answer["Deprecation"] == "@1767225600"
    assert answer["Link"] == f'<{search_path()}>; rel="successor-version"'
