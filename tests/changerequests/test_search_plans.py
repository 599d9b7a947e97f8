"""How the database goes about the searches, at a size where it chooses as it will in production."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.request_data import Firm, fill
from changerequests.selectors.search import SORT_FIELDS, RequestQuery, change_request_search
from config.common.actors import Actor
from config.common.paging import PageRequest, parse_sort
from tests.factories.contacts import make_tiny_type
from tests.factories.fixtures import World

TABLE = "changerequests_changerequest"
BY_CREATION, BY_STATUS = "change_request_by_creation", "change_request_by_status"
BY_REVIEW, BY_PATH = "change_request_by_review", "change_request_paths"
BY_CONTACT = "changerequests_changerequest_contact_id_a2fa4a89"
APP = Actor(app_id=1)
MONTH = (datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    """1,000 members, 30,000 contacts and as many requests, with the planner informed."""
    kind = make_tiny_type()
    with connection.cursor() as cursor:
        # Rows whose commit may still be lost are not marked as visible to all.
        cursor.execute("SET synchronous_commit = on")
        made = fill(contact_type_id=kind.pk, contacts=30_000, requests=30_000)
        cursor.execute("RESET synchronous_commit")
        cursor.execute(f"VACUUM ANALYZE {TABLE}")
        cursor.execute("VACUUM ANALYZE contacts_contactassignment")
    return made


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def query_of(sort: tuple[str | None, str | None], filters: dict[str, Any]) -> RequestQuery:
    return RequestQuery(
        page=PageRequest.parse(0, 25),
        sort=parse_sort(*sort, SORT_FIELDS, latest="created_at"),
        **filters,
    )


def plans(actor: Actor, sort: tuple[str | None, str | None], filters: dict[str, Any]) -> list[Any]:
    """The nodes of the plans of a search's statements over requests: of the page, of the count."""
    with CaptureQueriesContext(connection) as captured:
        change_request_search(actor=actor, query=query_of(sort, filters))
    found = []
    with connection.cursor() as cursor:
        for each in captured:
            if TABLE in each["sql"]:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {each['sql']}")
                explained = cursor.fetchone()[0]
                tree = json.loads(explained) if isinstance(explained, str) else explained
                found.append(list(nodes(tree[0]["Plan"])))
    return found


def indexes(plan: list[dict[str, Any]]) -> set[str]:
    """The indexes of requests that a plan goes by."""
    return {node["Index Name"] for node in plan if "change" in node.get("Index Name", "")}


def test_q1_searches_go_by_their_indexes(firm: Firm) -> None:
    top, adviser = Actor(member_id=firm.levels[0]), Actor(member_id=firm.levels[-1])
    unsorted = (None, None)
    by_review = ("ReviewDate", "Descending")
    cases: list[tuple[Actor, Any, dict[str, Any], set[str]]] = [
        (APP, unsorted, {}, {BY_CREATION}),
        (top, unsorted, {}, {BY_CREATION}),
        (adviser, unsorted, {}, {BY_CONTACT}),
        (APP, unsorted, {"status": 1}, {BY_STATUS}),
        (top, unsorted, {"status": 5}, {BY_STATUS}),
        (APP, unsorted, {"created_from": MONTH[0], "created_to": MONTH[1]}, {BY_CREATION}),
        (APP, by_review, {}, {BY_REVIEW}),
        (APP, by_review, {"reviewed_from": MONTH[0], "reviewed_to": MONTH[1]}, {BY_REVIEW}),
        (APP, unsorted, {"paths": ["section3.field500"]}, {BY_PATH}),
        (top, unsorted, {"paths": ["no.such.path"]}, {BY_PATH}),
        (APP, unsorted, {"contact_ids": list(range(500, 520))}, {BY_CONTACT}),
    ]

    for actor, sort, filters, expected in cases:
        page, *count = plans(actor, sort, filters)
        assert expected <= indexes(page), (actor, sort, filters, indexes(page))
        for plan in (page, *count):
            scanned = [
                n for n in plan if n["Node Type"] == "Seq Scan" and n["Relation Name"] == TABLE
            ]
            assert not scanned, (actor, sort, filters, plan)


def test_a2_what_many_advise_is_read_from_an_index_alone(firm: Firm) -> None:
    _page, count = plans(Actor(member_id=firm.levels[0]), (None, None), {})

    read = [n for n in count if n.get("Relation Name") == "contacts_contactassignment"]
    assert {n["Node Type"] for n in read} == {"Index Only Scan"}


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{TABLE}%"]
        )
        return cursor.fetchone()[0]


def test_a_search_is_planned_with_its_values(world: World) -> None:
    """A kept plan would be made for the average member, and be bad for the head of a firm."""
    actor, before = world.actor(world.petra), prepared()

    for _ in range(4):
        change_request_search(actor=actor, query=query_of((None, None), {"status": 1}))

    assert prepared() == before
