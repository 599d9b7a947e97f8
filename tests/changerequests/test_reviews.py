"""Deciding on requests through the services (C4-C6, C9, A6, H3)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from changerequests.conflicts import Take
from changerequests.exceptions import (
    ChangeRequestConflict,
    ChangeRequestNotPending,
    NotInitiator,
    OwnChangeRequest,
)
from changerequests.models import ChangeRequest
from changerequests.services import change_request_cancel
from config.common.exceptions import BadRequest, NotFound
from config.common.models import AuditEvent
from contacts.exceptions import ContactAnonymized, DetailsNoLongerValid
from contacts.models import ChangeSet, Contact, Member
from contacts.selectors.history import change_set_changes
from crmschema.documents import fold
from tests.factories.checks import save_accepting
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.schemas import form, tiny_components, tiny_details
from tests.factories.submissions import decide, hold, ref_of, submit
from tests.factories.tokens import actor_of

Status = ChangeRequest.Status


@pytest.fixture
def contact(world: World) -> Contact:
    rows = [
        {"id": "p", "city": "x", "street": "one"},
        {"id": "q", "city": "y", "street": "two"},
    ]
    return world.contact({**tiny_details(), "channels": {"addresses": rows}})


@pytest.fixture
def request_of_anna(world: World, contact: Contact) -> ChangeRequest:
    return hold(world.actor(world.anna), contact, {"person": {"lastName": "King", "nickname": "x"}})


def details_of(contact: Contact) -> dict[str, Any]:
    details: dict[str, Any] = Contact.objects.get(pk=contact.pk).details
    return details


def status_of(request: ChangeRequest) -> int:
    return ChangeRequest.objects.get(pk=request.pk).status


def held_rows(world: World, contact: Contact, *rows: dict[str, Any]) -> ChangeRequest:
    return hold(world.actor(world.anna), contact, {"channels": {"addresses": list(rows)}})


def test_c5_approving_writes_the_requests_paths_with_one_change_set(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    submit(world.actor(), contact, {"person": {"height": 2}})

    decide(world.actor(world.petra), request_of_anna, comment="fine")

    request = ChangeRequest.objects.get()
    assert request.status == Status.APPROVED
    assert request.reviewer == world.petra
    assert request.review_comment == "fine"
    assert request.reviewed_at is not None
    assert details_of(contact)["person"] == {
        "firstName": "Ada",
        "lastName": "King",
        "displayName": "Ada King",
        "nickname": "x",
        "height": 2,
    }
    change_set = ChangeSet.objects.get(change_request=request)
    assert change_set.source == "ChangeRequest"
    assert change_set.member == world.anna
    assert change_set.reviewer == world.petra
    assert change_set.version == 3
    assert {change["path"] for change in change_set.details} == {
        "person.lastName",
        "person.displayName",
        "person.nickname",
    }


def test_h3_a_decision_leaves_an_audit_event(world: World, request_of_anna: ChangeRequest) -> None:
    decide(world.actor(world.petra), request_of_anna, is_approved=False)

    held, event = AuditEvent.objects.filter(object_type="changeRequest").order_by("pk")
    assert (held.operation, held.member) == ("changeRequestPending", world.anna)
    assert held.fields == ["person.lastName", "person.nickname"]
    assert event.operation == "changeRequestRejected"
    assert event.object_id == str(request_of_anna.pk)
    assert event.member == world.petra
    assert event.app == world.app
    assert event.fields == ["person.lastName", "person.nickname"]


def test_c9_a_rejected_request_leaves_details_and_history(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    decide(world.actor(world.petra), request_of_anna, is_approved=False, comment="no")

    assert status_of(request_of_anna) == Status.REJECTED
    assert details_of(contact) == contact.details
    assert ChangeSet.objects.count() == 1


def test_a6_nobody_reviews_their_own_request(world: World, request_of_anna: ChangeRequest) -> None:
    Member.objects.filter(pk=world.anna.pk).update(is_superuser=True)
    anna = actor_of(world.anna, app=world.app)
    assert anna.is_superuser

    for is_approved in (True, False):
        with pytest.raises(OwnChangeRequest):
            decide(anna, request_of_anna, is_approved=is_approved)

    assert status_of(request_of_anna) == Status.PENDING


def test_a6_the_database_refuses_an_own_review_too(request_of_anna: ChangeRequest) -> None:
    request_of_anna.reviewer = request_of_anna.initiator

    with pytest.raises(IntegrityError, match="nobody_reviews_own_request"), transaction.atomic():
        request_of_anna.save()


def test_c4_an_app_reviews_nothing(world: World, request_of_anna: ChangeRequest) -> None:
    with pytest.raises(OwnChangeRequest):
        decide(world.actor(), request_of_anna)


def test_c4_only_the_initiator_cancels(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    for actor in (world.actor(world.petra), world.actor()):
        with pytest.raises(NotInitiator):
            change_request_cancel(actor=actor, ref=ref_of(contact), request_id=request_of_anna.pk)
    assert status_of(request_of_anna) == Status.PENDING

    change_request_cancel(
        actor=world.actor(world.anna), ref=ref_of(contact), request_id=request_of_anna.pk
    )

    request = ChangeRequest.objects.get()
    assert request.status == Status.CANCELLED
    assert request.reviewer is None
    assert request.reviewed_at is None
    assert details_of(contact) == contact.details
    last = AuditEvent.objects.filter(object_type="changeRequest").latest("pk")
    assert last.operation == "changeRequestCancelled"


@pytest.mark.parametrize("end", ["approve", "reject", "cancel"])
def test_c5_only_pending_moves_on(
    world: World, contact: Contact, request_of_anna: ChangeRequest, end: str
) -> None:
    if end == "cancel":
        change_request_cancel(
            actor=world.actor(world.anna), ref=ref_of(contact), request_id=request_of_anna.pk
        )
    else:
        decide(world.actor(world.petra), request_of_anna, is_approved=end == "approve")
    before = status_of(request_of_anna)

    for is_approved in (True, False):
        with pytest.raises(ChangeRequestNotPending):
            decide(world.actor(world.petra), request_of_anna, is_approved=is_approved)
    with pytest.raises(ChangeRequestNotPending):
        change_request_cancel(
            actor=world.actor(world.anna), ref=ref_of(contact), request_id=request_of_anna.pk
        )

    assert status_of(request_of_anna) == before


def test_c4_a_request_of_another_contact_is_not_found(
    world: World, request_of_anna: ChangeRequest
) -> None:
    other = ref_of(world.contact())

    with pytest.raises(NotFound):
        change_request_cancel(
            actor=world.actor(world.anna), ref=other, request_id=request_of_anna.pk
        )


# --- The base (C6) -----------------------------------------------------------------------------
def test_c6_a_moved_base_is_a_conflict_and_the_request_stays(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})

    with pytest.raises(ChangeRequestConflict) as refused:
        decide(world.actor(world.petra), request_of_anna)

    assert refused.value.properties == {
        "conflicts": [
            {
                "path": "person.lastName",
                "rowId": None,
                "originalValue": "Byron",
                "currentValue": "Other",
                "targetValue": "King",
            }
        ]
    }
    assert status_of(request_of_anna) == Status.PENDING
    assert details_of(contact)["person"]["lastName"] == "Other"


@pytest.mark.parametrize(("take", "last_name"), [(Take.TARGET, "King"), (Take.CURRENT, "Other")])
def test_c6_the_reviewer_answers_a_conflict(
    world: World, contact: Contact, request_of_anna: ChangeRequest, take: Take, last_name: str
) -> None:
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})

    decide(world.actor(world.petra), request_of_anna, conflicts={"person.lastName": take})

    assert status_of(request_of_anna) == Status.APPROVED
    assert details_of(contact)["person"]["lastName"] == last_name
    assert details_of(contact)["person"]["nickname"] == "x"


def test_c6_an_answer_without_a_conflict_is_refused(
    world: World, request_of_anna: ChangeRequest
) -> None:
    with pytest.raises(BadRequest):
        decide(
            world.actor(world.petra), request_of_anna, conflicts={"person.nickname": Take.TARGET}
        )

    assert status_of(request_of_anna) == Status.PENDING


def test_c6_an_approval_of_todays_values_writes_no_history(world: World, contact: Contact) -> None:
    request = hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})
    submit(world.actor(), contact, {"person": {"lastName": "Other"}})

    decide(world.actor(world.petra), request, conflicts={"person.lastName": Take.CURRENT})

    assert status_of(request) == Status.APPROVED
    assert not ChangeSet.objects.filter(change_request=request).exists()


def test_c6_a_vanished_row_comes_back_as_itself(world: World, contact: Contact) -> None:
    request = held_rows(world, contact, {"id": "p", "city": "x", "street": "new"}, {"id": "q"})
    submit(world.actor(), contact, {"channels": {"addresses": [{"id": "n", "city": "z"}]}})
    answers = dict.fromkeys(
        (
            "channels.addresses[0].street",
            "channels.addresses[1].city",
            "channels.addresses[1].street",
        ),
        Take.TARGET,
    )

    decide(world.actor(world.petra), request, conflicts=answers)

    assert sorted(details_of(contact)["channels"]["addresses"], key=lambda row: row["id"]) == [
        {"id": "n", "city": "z"},
        {"id": "p", "street": "new"},
    ]


def test_c6_only_the_own_paths_are_written(world: World, contact: Contact) -> None:
    request = held_rows(
        world,
        contact,
        {"id": "q", "city": "y", "street": "new"},
        {"id": "n", "city": "z"},
    )
    submit(
        world.actor(),
        contact,
        {
            "channels": {
                "addresses": [
                    {"id": "q", "city": "moved", "street": "two", "checkedBy": "Cy"},
                    {"id": "p", "city": "x", "street": "one"},
                ]
            }
        },
    )

    decide(world.actor(world.petra), request)

    assert details_of(contact)["channels"]["addresses"] == [
        {"id": "q", "city": "moved", "street": "new", "checkedBy": "Cy"},
        {"id": "n", "city": "z"},
    ]


def test_c6_values_that_the_schema_no_longer_takes_are_refused(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    components = tiny_components()
    components[0]["components"][1]["validate"] = {"maxLength": 3}
    save_accepting(form(*components), actor=world.actor())

    with pytest.raises(DetailsNoLongerValid) as refused:
        decide(world.actor(world.petra), request_of_anna)

    assert refused.value.properties is not None
    assert [(each["path"], each["code"]) for each in refused.value.properties["errors"]] == [
        ("person.lastName", "MaxLength")
    ]
    assert status_of(request_of_anna) == Status.PENDING


def test_c6_an_approval_removes_nothing_that_it_does_not_show(
    world: World, contact: Contact
) -> None:
    submit(world.actor(), contact, {"person": {"isPep": True}})
    request = hold(
        world.actor(world.anna), contact, {"person": {"isPep": False, "lastName": "King"}}
    )
    submit(world.actor(), contact, {"person": {"pepReason": "new"}})

    with pytest.raises(DetailsNoLongerValid):
        decide(world.actor(world.petra), request)

    assert details_of(contact)["person"]["pepReason"] == "new"
    assert status_of(request) == Status.PENDING


def test_c6_a_required_field_that_the_document_lacks_already_does_not_block(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    components = tiny_components()
    components[0]["components"].append(
        {"type": "textfield", "key": "added", "label": "Added", "validate": {"required": True}}
    )
    save_accepting(form(*components), actor=world.actor())

    decide(world.actor(world.petra), request_of_anna)

    assert status_of(request_of_anna) == Status.APPROVED


def test_n3_an_anonymised_contact_takes_no_decision_and_no_change(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    Contact.objects.filter(pk=contact.pk).update(anonymised_at=timezone.now())

    with pytest.raises(ContactAnonymized):
        decide(world.actor(world.petra), request_of_anna)
    with pytest.raises(ContactAnonymized):
        submit(world.actor(), contact, {"person": {"nickname": "y"}})

    assert status_of(request_of_anna) == Status.PENDING
    assert details_of(contact) == contact.details


def test_d11_history_of_an_approval_folds_to_the_details(
    world: World, contact: Contact, request_of_anna: ChangeRequest
) -> None:
    decide(world.actor(world.petra), request_of_anna)

    folded: dict[str, Any] = {}
    for change_set in ChangeSet.objects.order_by("version"):
        folded = fold(folded, change_set_changes(change_set))
    assert folded == details_of(contact)


def test_c9_a_request_stays_reviewable_when_its_initiator_is_gone(
    world: World, request_of_anna: ChangeRequest
) -> None:
    Member.objects.filter(pk=world.anna.pk).update(is_active=False)

    decide(world.actor(world.petra), request_of_anna)

    assert status_of(request_of_anna) == Status.APPROVED


def test_c4_another_member_of_the_same_name_is_another_person(
    world: World, request_of_anna: ChangeRequest
) -> None:
    twin = make_member("Anna", first_name="Anna", manager=world.petra)

    decide(actor_of(twin, app=world.app), request_of_anna)

    assert status_of(request_of_anna) == Status.APPROVED
