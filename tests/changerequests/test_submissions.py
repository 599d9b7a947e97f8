"""Submissions through the service: applied, held or refused (C1-C3, D3, D11)."""

from dataclasses import replace
from typing import Any

import pytest

from changerequests.exceptions import PendingChangeRequestExists
from changerequests.models import ChangeRequest
from changerequests.services import Submission, details_submit
from config.common.actors import SYSTEM
from config.common.exceptions import NotFound
from contacts.exceptions import DetailsInvalid, StaleDetails
from contacts.models import ChangeSet, Contact
from crmschema.documents import Mode
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details
from tests.factories.submissions import hold, ref_of, submit


def details_of(contact: Contact) -> dict[str, Any]:
    details: dict[str, Any] = Contact.objects.get(pk=contact.pk).details
    return details


def with_addresses(*rows: dict[str, Any]) -> dict[str, Any]:
    return {**tiny_details(), "channels": {"addresses": list(rows)}}


ROWS = (
    {"id": "p", "city": "x", "street": "one"},
    {"id": "q", "city": "y"},
    {"id": "r", "city": "z"},
)


def test_c1_a_marked_path_holds_the_submission_whole(world: World) -> None:
    contact = world.contact()

    result = submit(
        world.actor(world.anna),
        contact,
        {"person": {"lastName": "King", "nickname": "x"}},
        comment="married",
    )

    request = ChangeRequest.objects.get()
    assert result.change_request_id == request.pk
    assert result.version == 1
    assert details_of(contact) == contact.details
    assert ChangeSet.objects.count() == 1
    assert request.details == [
        {
            "path": "person.lastName",
            "original": "Byron",
            "target": "King",
            "isApprovalRequired": True,
        },
        {"path": "person.nickname", "target": "x", "isApprovalRequired": False},
    ]
    assert request.paths == ["person", "person.lastName", "person.nickname"]
    assert request.comment == "married"
    assert request.initiator == world.anna
    assert request.app == world.app
    assert request.schema_token == 1
    assert request.base == {}


@pytest.mark.parametrize(
    ("rows", "is_held"),
    [
        # A marked value set, changed, or removed with its row or with the whole grid.
        ([{**ROWS[0], "street": "two"}, *ROWS[1:]], True),
        ([ROWS[0], {**ROWS[1], "street": "two"}, ROWS[2]], True),
        (list(ROWS[1:]), True),
        ([], True),
        # Another order.
        ([ROWS[1], ROWS[0], ROWS[2]], True),
        # Free values only.
        ([*ROWS[:2], {**ROWS[2], "city": "w"}], False),
        ([*ROWS, {"id": "n", "city": "w"}], False),
    ],
)
def test_c1_what_counts_as_a_change_of_a_marked_path(
    world: World, rows: list[dict[str, Any]], is_held: bool
) -> None:
    contact = world.contact(with_addresses(*ROWS))

    result = submit(world.actor(world.anna), contact, {"channels": {"addresses": rows}})

    assert (result.change_request_id is not None) is is_held
    assert result.version == (1 if is_held else 2)


def test_c1_removing_a_container_counts_for_what_is_in_it(world: World) -> None:
    contact = world.contact(with_addresses(*ROWS))

    assert submit(world.actor(world.anna), contact, {"channels": None}).change_request_id


def test_d6_a_value_that_a_condition_removes_counts_for_approval(world: World) -> None:
    contact = world.contact(
        {**tiny_details(isPep=True), "notes": [{"text": "x"}]},
    )
    held = submit(world.actor(world.anna), contact, {"person": {"isPep": False, "lastName": None}})

    assert held.change_request_id is not None


def test_c2_apps_are_never_held(world: World) -> None:
    contact = world.contact()

    result = submit(world.actor(), contact, {"person": {"lastName": "King"}})

    assert result.change_request_id is None
    assert result.version == 2
    assert details_of(contact)["person"] == {
        "firstName": "Ada",
        "lastName": "King",
        "displayName": "Ada King",
    }
    assert not ChangeRequest.objects.exists()


def test_c2_the_system_is_never_held(world: World) -> None:
    contact = world.contact()

    assert submit(SYSTEM, contact, {"person": {"lastName": "King"}}).version == 2


def test_c3_a_second_request_is_refused_with_the_first_ones_id(world: World) -> None:
    contact = world.contact()
    first = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    with pytest.raises(PendingChangeRequestExists) as refused:
        submit(world.actor(world.petra), contact, {"person": {"lastName": "Queen"}})

    assert refused.value.properties == {"changeRequestId": first.pk}
    assert ChangeRequest.objects.count() == 1


def test_c3_free_fields_go_through_meanwhile(world: World) -> None:
    contact = world.contact()
    hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    result = submit(world.actor(world.anna), contact, {"person": {"nickname": "x"}})

    assert result.change_request_id is None
    assert result.version == 2
    assert details_of(contact)["person"]["nickname"] == "x"


def test_c3_an_unchanged_marked_field_is_no_change(world: World) -> None:
    contact = world.contact()
    hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})

    result = submit(
        world.actor(world.anna), contact, {"person": {"lastName": "Byron", "nickname": "x"}}
    )

    assert result.change_request_id is None


def test_d3_nothing_changed_leaves_nothing(world: World) -> None:
    contact = world.contact()

    result = submit(world.actor(world.anna), contact, tiny_details())

    assert result.version == 1
    assert result.change_request_id is None
    assert ChangeSet.objects.count() == 1
    assert not ChangeRequest.objects.exists()


def test_d11_one_applied_write_is_one_change_set(world: World) -> None:
    contact = world.contact()

    submit(
        world.actor(world.anna),
        contact,
        {"person": {"nickname": "x", "height": 1.5}},
        comment="free",
    )

    change_set = ChangeSet.objects.get(kind="change")
    assert change_set.version == 2
    assert change_set.member == world.anna
    assert change_set.app == world.app
    assert change_set.comment == "free"
    assert change_set.source == "Api"
    assert change_set.schema_token == 1
    assert change_set.details == [
        {"path": "person.nickname", "target": "x"},
        {"path": "person.height", "target": 1.5},
    ]
    assert change_set.paths == ["person", "person.height", "person.nickname"]


def test_d2_invalid_details_change_nothing(world: World) -> None:
    contact = world.contact()

    with pytest.raises(DetailsInvalid):
        submit(world.actor(), contact, {"person": {"nickname": "x", "height": "tall"}})

    assert details_of(contact) == contact.details
    assert ChangeSet.objects.count() == 1


def test_d9_a_stale_version_is_refused_under_the_lock(world: World) -> None:
    contact = world.contact()
    submit(world.actor(), contact, {"person": {"nickname": "x"}})

    with pytest.raises(StaleDetails):
        submit(
            world.actor(), contact, {"person": {"nickname": "y"}}, expected_versions=frozenset({1})
        )

    assert details_of(contact)["person"]["nickname"] == "x"


def test_d9_a_held_submission_leaves_the_version(world: World) -> None:
    contact = world.contact()

    result = submit(
        world.actor(world.anna),
        contact,
        {"person": {"lastName": "King"}},
        expected_versions=frozenset({1, 7}),
    )

    assert result.version == 1


def test_a_target_that_does_not_exist_is_not_found(world: World) -> None:
    contact = world.contact()
    gone = replace(ref_of(contact), id=contact.pk + 999)
    submission = Submission(mode=Mode.PATCH, details={"person": {"nickname": "x"}})

    with pytest.raises(NotFound):
        details_submit(
            actor=world.actor(), ref=gone, submission=submission, source=ChangeSet.Source.API
        )

    assert details_of(contact) == contact.details
