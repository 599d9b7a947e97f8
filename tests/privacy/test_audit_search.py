"""The search of the audit log (H3, A2, Q1, Q2, Q4)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.common.actors import SYSTEM
from config.common.audit import audit_record
from config.common.models import AuditEvent
from contacts.models import ContactType
from tests.factories.api import Api
from tests.factories.contacts import make_app, make_contact, make_member
from tests.factories.fixtures import World
from tests.factories.submissions import hold
from tests.factories.tokens import bearer

PATH = "/v1.1/audit-events/search"


def search(api: Api, **body: Any) -> dict[str, Any]:
    answer = api.post(PATH, body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def operations(api: Api, **body: Any) -> list[str]:
    return [each["operation"] for each in search(api, **body)["results"]]


@pytest.fixture
def events(world: World) -> list[AuditEvent]:
    """Three events about nobody's contacts, by anna through the app, by the app, by the system."""
    start = AuditEvent.objects.count()
    for actor, operation, object_id in (
        (world.actor(world.anna), "first", "x"),
        (world.actor(), "second", "1"),
        (SYSTEM, "third", "2"),
    ):
        audit_record(
            actor=actor,
            operation=operation,
            object_type="thing",
            object_id=object_id,
            fields=["b", "a"],
            reason="why" if operation == "first" else None,
        )
    return list(AuditEvent.objects.order_by("id")[start:])


def test_h3_an_event_tells_who_did_what_to_what(world: World, events: list[AuditEvent]) -> None:
    third, second, first = search(world.api(), objectTypes=["thing"])["results"]

    assert first == {
        "id": events[0].pk,
        "createDate": events[0].created_at.isoformat().replace("+00:00", "Z"),
        "member": {"uid": str(world.anna.uid), "name": "anna"},
        "app": {"clientId": "firm", "name": "firm"},
        "operation": "first",
        "objectType": "thing",
        "objectId": "x",
        "fields": ["a", "b"],
        "reason": "why",
        "correlationId": events[0].correlation_id,
    }
    assert (second["member"], second["app"]["clientId"], second["reason"]) == (None, "firm", None)
    assert (third["member"], third["app"]) == (None, None)


def test_h3_filters(world: World, events: list[AuditEvent]) -> None:
    api, kind = world.api(), {"objectTypes": ["thing"]}
    middle = events[1].created_at.isoformat().replace("+00:00", "Z")

    assert operations(api, **kind, memberUids=[str(world.anna.uid)]) == ["first"]
    assert operations(api, **kind, clientIds=["firm"]) == ["second", "first"]
    assert operations(api, **kind, operations=["third", "first"]) == ["third", "first"]
    assert operations(api, **kind, objectIds=["1"]) == ["second"]
    assert operations(api, **kind, createDateFrom=middle) == ["third", "second"]
    assert operations(api, **kind, createDateTo=middle) == ["first"]
    correlation = events[2].correlation_id
    assert "third" in operations(api, **kind, correlationIds=[correlation])
    for name in ("memberUids", "clientIds", "operations", "objectIds", "correlationIds"):
        assert operations(api, **kind, **{name: []}) == []
        assert operations(api, **kind, **{name: None}) == ["third", "second", "first"]


def test_q1_pages_and_order(world: World, events: list[AuditEvent]) -> None:
    api, kind = world.api(), {"objectTypes": ["thing"]}

    page = search(api, **kind, page=1, pageSize=2)
    assert [each["operation"] for each in page["results"]] == ["first"]
    assert (page["page"], page["pageSize"], page["pageCount"], page["totalCount"]) == (1, 2, 2, 3)
    assert operations(api, **kind, sortBy="operation") == ["first", "second", "third"]
    assert operations(api, **kind, sortOrder="Ascending") == ["first", "second", "third"]


@pytest.mark.parametrize("sort", [None, "createDate", "operation", "objectType"])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_q1_every_page_of_every_order_is_the_same_as_the_whole(
    world: World, events: list[AuditEvent], sort: str | None, order: str
) -> None:
    for number in range(12):
        audit_record(
            actor=world.actor(),
            operation="abc"[number % 3],
            object_type="thing",
            object_id=number,
        )
    api, asked = world.api(), {"sortBy": sort, "sortOrder": order, "objectTypes": ["thing"]}
    rows = list(AuditEvent.objects.filter(object_type="thing").order_by("id"))
    names = {"operation": "operation", "objectType": "object_type"}

    rows.sort(key=lambda row: (getattr(row, names.get(sort or "", "id")), row.pk))
    expected = [row.pk for row in (rows if order == "Ascending" else rows[::-1])]
    found = [
        row["id"]
        for page in range(4)
        for row in search(api, **asked, page=page, pageSize=4)["results"]
    ]
    assert found == expected
    assert len(expected) == 15


def test_q1_a_late_page_reads_the_keys_of_the_rows_before_it_only(
    world: World, events: list[AuditEvent]
) -> None:
    for body in ({"sortBy": "operation"}, {}):
        with CaptureQueriesContext(connection) as queries:
            search(world.api(), **body, page=1, pageSize=2)
        (read,) = [each["sql"] for each in queries if " OFFSET 2" in each["sql"]]
        # The offset is inside of the statement that finds keys, and nothing is joined there.
        inner = read[read.rindex("(SELECT") : read.index(" OFFSET 2")]
        assert "JOIN" not in inner
        assert "JOIN" in read[: read.rindex("(SELECT")]


@pytest.mark.parametrize(
    "body",
    [
        {"sortBy": "reason"},
        {"pageSize": 201},
        {"page": -1},
        {"operation": ["x"]},
        {"operations": "x"},
        {"createDateFrom": "2026-01-02T00:00:00Z", "createDateTo": "2026-01-01T00:00:00Z"},
    ],
)
def test_q4_what_is_no_filter_is_refused(world: World, body: dict[str, Any]) -> None:
    assert world.api().post(PATH, body).status_code == 400


def test_a2_events_about_what_is_out_of_reach_are_left_out(
    world: World, events: list[AuditEvent]
) -> None:
    near, far = world.contact(), world.contact(adviser=world.carl)
    hold(world.actor(world.anna), near, {"person": {"lastName": "King"}})
    hold(world.actor(world.carl), far, {"person": {"lastName": "King"}})
    auditor = make_member(permissions=["view_auditevent"], manager=None)
    everything = make_member(permissions=["view_auditevent", "reach_all_contacts"])
    world.anna.manager = auditor
    world.anna.save()

    def objects(api: Api) -> set[tuple[str, str]]:
        kinds = ["contact", "changeRequest", "thing"]
        found = search(api, objectTypes=kinds)["results"]
        return {(each["objectType"], each["objectId"]) for each in found}

    things = {("thing", "x"), ("thing", "1"), ("thing", "2")}
    requests = {each.contact_id: str(each.pk) for each in near.change_requests.model.objects.all()}
    mine = {("contact", str(near.pk)), ("changeRequest", requests[near.pk])}
    others = {("contact", str(far.pk)), ("changeRequest", requests[far.pk])}
    assert objects(world.api(auditor)) == things | mine
    assert objects(world.api(everything)) == things | mine | others
    assert objects(world.api()) == things | mine | others


def test_a2_an_app_of_other_contact_types_reads_nothing_about_contacts(world: World) -> None:
    other = ContactType.objects.create(key="other", schema=world.contact_type.schema)
    world.contact()
    mine = make_contact(contact_type=other, adviser=world.anna)
    restricted = Api(bearer(app=make_app(contact_types=[other])))

    found = search(restricted, objectTypes=["contact"])["results"]

    assert {each["objectId"] for each in found} == {str(mine.pk)}


def test_a1_the_log_needs_its_permission(world: World) -> None:
    assert world.api(world.anna).post(PATH, {}).status_code == 403


def test_the_number_of_statements_does_not_grow(world: World, events: list[AuditEvent]) -> None:
    api = world.api(make_member(permissions=["view_auditevent"]))

    def statements(size: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            search(api, pageSize=size)
        return len(queries)

    assert statements(1) == statements(100) == 3
