"""The searches of change requests: rows, filters, orders, pages (Q1, Q2, Q4)."""

from collections.abc import Callable
from typing import Any

import pytest

from changerequests.models import ChangeRequest
from tests.changerequests.found_requests import Requests, rows_of
from tests.factories.api import member_search_path, search_path
from tests.factories.fixtures import World


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
