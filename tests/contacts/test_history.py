"""The history of details: search, order, append-only (H1, H2, Q1-Q4, D5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact
from crmschema.models import CrmSchemaVersion
from tests.factories.api import history_path
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import decide, hold, submit

ROWS = [{"id": "p", "city": "x", "street": "one"}, {"id": "q", "city": "y"}]


@pytest.fixture
def contact(world: World) -> Contact:
    """Five change sets: a creation, one of anna, one of the app, an order, an approval."""
    contact = world.contact({**tiny_details(), "channels": {"addresses": ROWS}})
    submit(world.actor(world.anna), contact, {"person": {"nickname": "x"}}, comment="free")
    submit(world.actor(), contact, {"person": {"colours": ["RED", "BLUE"], "height": 1.5}})
    submit(world.actor(), contact, {"channels": {"addresses": ROWS[::-1]}})
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    decide(world.actor(world.petra), request, comment="fine")
    return contact


def search(world: World, contact: Contact, **body: Any) -> dict[str, Any]:
    answer = world.api(world.anna).post(history_path(contact.pk), body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def versions(world: World, contact: Contact, **body: Any) -> list[int]:
    """The versions of the change sets that are found, in order."""
    times = dict(ChangeSet.objects.values_list("executed_at", "version"))
    return [
        times[datetime.fromisoformat(result["executionDate"])]
        for result in search(world, contact, **body)["results"]
    ]


def test_h1_a_change_set_tells_who_what_and_why(world: World, contact: Contact) -> None:
    approved, _, by_app, free, creation = search(world, contact)["results"]

    request_id = contact.change_requests.get().pk
    anna = {"uid": str(world.anna.uid), "name": "anna"}
    assert approved["initiatorPerson"] == anna
    assert approved["reviewer"] == {"uid": str(world.petra.uid), "name": "petra"}
    assert approved["changeRequestId"] == request_id
    assert approved["source"] == "ChangeRequest"
    assert approved["details"] == [
        {
            "path": "person.lastName",
            "originalValue": "Byron",
            "targetValue": "King",
            "isApprovalRequired": True,
        },
        {
            "path": "person.displayName",
            "originalValue": "Ada Byron",
            "targetValue": "Ada King",
            "isApprovalRequired": False,
        },
    ]
    assert by_app["initiatorPerson"] is None
    assert by_app["app"] == {"clientId": "firm", "name": "firm"}
    assert by_app["reviewer"] is None
    assert (free["comment"], by_app["comment"]) == ("free", None)
    assert free["initiatorPerson"] == anna
    assert (creation["source"], creation["changeRequestId"]) == ("Api", None)


def test_d5_values_are_shown_as_people_read_them(world: World, contact: Contact) -> None:
    _, order, by_app, _, creation = search(world, contact)["results"]
    german = world.api().post(f"{history_path(contact.pk)}?language=de", {}).json()["results"]

    assert [
        (each["path"], each["originalValue"], each["targetValue"]) for each in by_app["details"]
    ] == [
        ("person.colours", None, "Red; Blue"),
        ("person.height", None, "1.5"),
    ]
    assert german[2]["details"][0]["targetValue"] == "Red (de); Blue (de)"
    assert order["details"] == [
        {
            "path": "channels.addresses",
            "originalValue": "p, q",
            "targetValue": "q, p",
            "isApprovalRequired": True,
        }
    ]
    assert [each["path"] for each in creation["details"]] == [
        "person.firstName",
        "person.lastName",
        "person.displayName",
        "channels.addresses[0].id",
        "channels.addresses[0].city",
        "channels.addresses[0].street",
        "channels.addresses[1].id",
        "channels.addresses[1].city",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"sortOrder": "Ascending"}, [1, 2, 3, 4, 5]),
        ({"sortOrder": "Descending"}, [5, 4, 3, 2, 1]),
        ({"sortBy": "executionDate"}, [1, 2, 3, 4, 5]),
        ({"sortBy": "EXECUTIONDATE", "sortOrder": "Descending"}, [5, 4, 3, 2, 1]),
        ({"sortBy": "contactChangeSetId"}, [1, 2, 3, 4, 5]),
        ({"sortBy": "initiatorPersonId"}, [2, 5, 1, 3, 4]),
        ({"sortBy": ""}, [5, 4, 3, 2, 1]),
        ({"sortBy": None}, [5, 4, 3, 2, 1]),
    ],
)
def test_q1_the_order_is_total(
    world: World, contact: Contact, body: dict[str, Any], expected: list[int]
) -> None:
    assert versions(world, contact, **body) == expected


def test_q1_pages_are_zero_based_and_past_the_end_empty(world: World, contact: Contact) -> None:
    first = search(world, contact, pageSize=2)
    last = search(world, contact, pageSize=2, page=2)
    beyond = search(world, contact, pageSize=2, page=2**31 - 1)
    default = search(world, contact, pageSize=0)

    def shape(page: dict[str, Any]) -> tuple[int, ...]:
        counts = (page["page"], page["pageSize"], page["pageCount"], page["totalCount"])
        return (len(page["results"]), *counts)

    assert shape(first) == (2, 0, 2, 3, 5)
    assert shape(last) == (1, 2, 2, 3, 5)
    assert shape(beyond) == (0, 2**31 - 1, 2, 3, 5)
    assert shape(default) == (5, 0, 25, 1, 5)


@pytest.mark.parametrize(
    "body",
    [
        {"page": -1},
        {"page": 2**31},
        {"pageSize": -1},
        {"pageSize": 201},
        {"pageSize": "5"},
        {"page": 1.0},
        {"sortBy": "comment"},
        {"sortOrder": "ascending"},
        {"executionDateFrom": "2020-01-02T00:00:00Z", "executionDateTo": "2020-01-01T00:00:00Z"},
        {"executionDateFrom": "2023-02-29T00:00:00Z"},
        {"executionDateFrom": "yesterday"},
        {"executionDateFrom": 5},
        {"initiatorPersonUids": ["x"]},
        {"initiatorPersonUids": "x"},
        {"paths": [5]},
        {"paths": ["x" * 1001]},
        {"path": ["person"]},
        {"initiatorMemberUids": []},
    ],
)
def test_q1_q4_a_wrong_search_is_refused(
    world: World, contact: Contact, body: dict[str, Any]
) -> None:
    answer = world.api(world.anna).post(history_path(contact.pk), body)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (None, [5, 4, 3, 2, 1]),
        ([], []),
        (["person"], [5, 3, 2, 1]),
        (["person.nickname"], [2]),
        (["person.lastName"], [5, 1]),
        (["person.lastName", "person.nickname"], [5, 2, 1]),
        (["channels"], [4, 1]),
        (["channels.addresses"], [4, 1]),
        (["channels.addresses.city"], [1]),
        (["channels.addresses[1].city"], [1]),
        (["channels.addresses[7].city"], []),
        (["person.last"], []),
        (["nothing"], []),
        ([""], []),
        (["person; drop", '"', "a[", "$.person", "[0]", "a..b", "person.*", "a[99999999999]"], []),
    ],
)
def test_q1_paths_match_with_and_without_index_and_all_below(
    world: World, contact: Contact, paths: list[str] | None, expected: list[int]
) -> None:
    assert versions(world, contact, paths=paths) == expected


def test_q2_people_and_times_filter(world: World, contact: Contact) -> None:
    anna, carl = str(world.anna.uid), str(world.carl.uid)
    third = ChangeSet.objects.get(version=3).executed_at
    text = third.isoformat()
    later = (third + timedelta(microseconds=1)).isoformat()

    assert versions(world, contact, initiatorPersonUids=[anna]) == [5, 2]
    assert versions(world, contact, initiatorPersonUids=[carl]) == []
    assert versions(world, contact, initiatorPersonUids=[anna, carl]) == [5, 2]
    assert versions(world, contact, initiatorPersonUids=[]) == []
    assert versions(world, contact, initiatorPersonUids=None) == [5, 4, 3, 2, 1]
    assert versions(world, contact, executionDateFrom=text) == [5, 4, 3]
    assert versions(world, contact, executionDateTo=text) == [2, 1]
    assert versions(world, contact, executionDateFrom=text, executionDateTo=text) == []
    assert versions(world, contact, executionDateFrom=text, executionDateTo=later) == [3]
    naive = third.astimezone(UTC).replace(tzinfo=None).isoformat()
    assert versions(world, contact, executionDateFrom=naive) == [5, 4, 3]


# --- The deprecated search (F4) ----------------------------------------------------------------
def test_f4_the_deprecated_search_names_persons_by_id_and_its_successor(
    world: World, contact: Contact
) -> None:
    answer = world.api(world.anna).post(history_path(contact.pk, "v1.0"), {"pageSize": 2})

    approved, order = answer.json()["results"]
    newer = search(world, contact)["results"]
    assert approved == {
        "initiatorPerson": {"id": world.anna.pk, "name": "anna"},
        "executionDate": newer[0]["executionDate"],
        "details": newer[0]["details"],
    }
    assert order["initiatorPerson"] is None
    assert answer["Deprecation"] == "@1767225600"
    assert answer["Link"] == f'<{history_path(contact.pk)}>; rel="successor-version"'
    assert "Deprecation" not in world.api().post(history_path(contact.pk), {})


def test_f4_the_deprecated_search_filters_persons_by_id(world: World, contact: Contact) -> None:
    def counts(**body: Any) -> int:
        answer = world.api().post(history_path(contact.pk, "v1.0"), body)
        assert answer.status_code == 200, answer.content
        return answer.json()["totalCount"]

    anna, carl = world.anna.pk, world.carl.pk
    assert counts(initiatorPersonIds=[anna]) == 2
    assert counts(initiatorPersonIds=[anna, carl]) == 2
    assert counts(initiatorPersonIds=[carl, 2**31 - 1]) == 0
    assert counts(initiatorPersonIds=[]) == 0
    assert counts(initiatorPersonIds=None, paths=["person.nickname"]) == 1


def test_a2_the_history_of_a_contact_out_of_reach_is_not_found(
    world: World, contact: Contact
) -> None:
    assert world.api(world.carl).post(history_path(contact.pk), {}).status_code == 404
    assert world.api(world.petra).post(history_path(contact.pk), {}).status_code == 200


# --- Append-only (H2, H3, S2) ------------------------------------------------------------------
def refused(statement: str, parameters: list[Any]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


UPDATE = "UPDATE contacts_changeset SET {} WHERE contact_id = %s AND version = %s"


@pytest.mark.parametrize("is_anonymised", [True, False])
@pytest.mark.parametrize(
    ("assignment", "version"),
    [
        ("comment = 'x'", 2),
        ("member_id = NULL", 2),
        ("executed_at = now()", 2),
        ("version = 99", 2),
        ("paths = '{}'", 2),
        ("details = '[]'", 2),
        ('details = details || \'[{"path": "a"}]\'', 2),
        ("details = jsonb_set(details, '{0,target}', '\"y\"')", 2),
        ("details = jsonb_set(details, '{0,path}', '\"y\"')", 2),
        ("details = details - 1", 3),
        ("details = jsonb_set(details, '{person,firstName}', '\"y\"')", 1),
        ("details = details || '{\"a\": 1}'", 1),
    ],
)
def test_h2_history_is_append_only(
    world: World, contact: Contact, assignment: str, version: int, is_anonymised: bool
) -> None:
    if is_anonymised:
        Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    assert refused(UPDATE.format(assignment), [contact.pk, version])


@pytest.mark.parametrize(
    ("assignment", "version"),
    [
        ("details = details #- '{0,target}'", 2),
        ("details = (details #- '{0,target}') #- '{0,original}'", 5),
        ("details = details #- '{person,firstName}'", 1),
        ("details = '{}'", 1),
    ],
)
def test_h2_only_an_erasure_empties_values(
    world: World, contact: Contact, assignment: str, version: int
) -> None:
    statement = UPDATE.format(assignment)
    assert refused(statement, [contact.pk, version])

    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    assert not refused(statement, [contact.pk, version])


def test_h2_nothing_is_deleted(world: World, contact: Contact) -> None:
    for anonymised_at in (None, timezone.now()):
        Contact.objects.filter(pk=contact.pk).update(anonymised_at=anonymised_at)
        assert refused("DELETE FROM contacts_changeset WHERE contact_id = %s", [contact.pk])


@pytest.mark.parametrize("model", [AuditEvent, CrmSchemaVersion])
def test_h3_s2_audit_events_and_versions_are_append_only(
    world: World, contact: Contact, model: type[AuditEvent] | type[CrmSchemaVersion]
) -> None:
    table = model._meta.db_table
    key = model.objects.values_list("pk", flat=True)[0]

    assert refused(f"UPDATE {table} SET created_at = now() WHERE id = %s", [key])  # noqa: S608
    assert refused(f"DELETE FROM {table} WHERE id = %s", [key])  # noqa: S608
