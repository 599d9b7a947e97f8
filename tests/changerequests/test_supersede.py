"""What a saved schema does to pending requests (C7) and to writers (S5)."""

from typing import Any

import pytest
from django.utils import timezone

from changerequests.models import ChangeRequest
from config.common.actors import SYSTEM
from config.common.models import AuditEvent
from contacts.models import Contact
from crmschema.services import schema_create
from legalentities.models import LegalEntity
from tests.factories.checks import save_accepting
from tests.factories.contacts import make_contact, make_contact_type
from tests.factories.fixtures import World
from tests.factories.schemas import component, container, form, tiny_components, tiny_details
from tests.factories.submissions import hold, submit

Status = ChangeRequest.Status
ROWS = ({"id": "p", "city": "x", "street": "one"}, {"id": "q", "city": "y"})


def without(components: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [component for component in components if component["key"] != key]


def save(world: World, components: list[dict[str, Any]]) -> None:
    save_accepting(form(*components), actor=world.actor())


def held(world: World, details: dict[str, Any]) -> ChangeRequest:
    contact = world.contact({**tiny_details(), "channels": {"addresses": list(ROWS)}})
    return hold(world.actor(world.anna), contact, details)


def status_of(request: ChangeRequest) -> int:
    return ChangeRequest.objects.get(pk=request.pk).status


def without_last_name() -> list[dict[str, Any]]:
    components = tiny_components()
    components[0]["components"] = without(components[0]["components"], "lastName")
    return components


def without_streets() -> list[dict[str, Any]]:
    components = tiny_components()
    grid = components[1]["components"][2]
    grid["components"] = without(grid["components"], "street")
    return components


def without_addresses() -> list[dict[str, Any]]:
    components = tiny_components()
    components[1]["components"] = without(components[1]["components"], "addresses")
    return components


def with_addresses_as_container() -> list[dict[str, Any]]:
    components = tiny_components()
    grid = components[1]["components"].pop()
    leaves = [leaf for leaf in grid["components"] if "conditional" not in leaf]
    components[1]["components"].append(container("addresses", *leaves))
    return components


NAME = {"person": {"lastName": "King"}}
STREET = {"channels": {"addresses": [{**ROWS[0], "street": "new"}, ROWS[1]]}}
ORDER = {"channels": {"addresses": [ROWS[1], ROWS[0]]}}
REMOVAL = {"channels": {"addresses": [ROWS[1]]}}


@pytest.mark.parametrize(
    ("details", "components", "is_possible"),
    [
        (NAME, without_last_name(), False),
        (NAME, without_addresses(), True),
        (STREET, without_streets(), False),
        (STREET, without_last_name(), True),
        (ORDER, without_addresses(), False),
        (ORDER, without_last_name(), True),
        (REMOVAL, without_addresses(), False),
        (REMOVAL, without_last_name(), True),
    ],
)
def test_c7_a_request_whose_path_is_gone_is_superseded(
    world: World, details: dict[str, Any], components: list[dict[str, Any]], is_possible: bool
) -> None:
    request = held(world, details)

    save(world, components)

    assert status_of(request) == (Status.PENDING if is_possible else Status.SUPERSEDED)


@pytest.mark.parametrize("details", [STREET, REMOVAL])
def test_c7_a_request_in_a_grid_that_is_a_container_now_is_superseded(
    world: World, details: dict[str, Any]
) -> None:
    request = held(world, details)
    # As long as a document has rows, the grid stays one (S4).
    submit(world.actor(), request.contact, {"channels": {"addresses": None}})

    save(world, with_addresses_as_container())

    assert status_of(request) == Status.SUPERSEDED


def test_c7_a_superseded_request_leaves_details_alone_and_an_audit_event(world: World) -> None:
    request = held(world, NAME)
    before = Contact.objects.get(pk=request.contact_id)

    save(world, without_last_name())

    request.refresh_from_db()
    assert request.reviewer is None
    assert request.reviewed_at is None
    after = Contact.objects.get(pk=request.contact_id)
    assert (after.details, after.version) == (before.details, before.version)
    event = AuditEvent.objects.filter(object_type="changeRequest").latest("pk")
    assert event.operation == "changeRequestSuperseded"
    assert event.app == world.app


def test_c7_requests_that_are_decided_or_of_another_schema_stay(world: World) -> None:
    decided = held(world, NAME)
    ChangeRequest.objects.update(status=Status.REJECTED)
    other_schema = schema_create(actor=SYSTEM, key="other", schema=form(*tiny_components()))
    contact = make_contact(
        contact_type=make_contact_type("other", other_schema), adviser=world.anna
    )
    other = hold(world.actor(world.anna), contact, NAME)

    save(world, without_last_name())

    assert status_of(decided) == Status.REJECTED
    assert status_of(other) == Status.PENDING


def test_c7_l1_requests_of_legal_entities_follow_their_schema(world: World) -> None:
    text = form(component("textfield", "name", crm={"isApprovalRequired": True}))
    schema_create(actor=SYSTEM, key="legalentity", schema=text)
    entity = LegalEntity.objects.create(
        details={"name": "Acme"},
        details_hash=b"",
        schema_token=1,
        display_name="Acme",
        display_name_folded="acme",
    )
    request = ChangeRequest.objects.create(
        legal_entity=entity,
        created_at=timezone.now(),
        initiator=world.anna,
        schema_token=1,
        details=[{"path": "name", "target": "Other", "isApprovalRequired": True}],
    )
    of_contact = held(world, NAME)

    save_accepting(form(component("textfield", "other")), key="legalentity")

    assert status_of(request) == Status.SUPERSEDED
    assert status_of(of_contact) == Status.PENDING
