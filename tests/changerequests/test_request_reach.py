"""Requests within reach (A2), as lists of them start."""

from dataclasses import replace
from uuid import uuid4

import pytest

from changerequests.models import ChangeRequest
from changerequests.selectors.requests import change_request_list
from changerequests.services import Review, change_request_review
from config.common.actors import SYSTEM, Actor
from config.common.exceptions import NotFound
from contacts.models import Contact, Member
from crmschema.models import CrmSchema
from legalentities.models import LegalEntity
from tests.factories.contacts import make_app, make_contact, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.submissions import hold, ref_of
from tests.factories.tokens import actor_of


@pytest.fixture
def request_of_anna(world: World) -> ChangeRequest:
    return hold(world.actor(world.anna), world.contact(), {"person": {"lastName": "King"}})


def test_a2_a_request_is_listed_for_who_reaches_its_contact(
    world: World, request_of_anna: ChangeRequest
) -> None:
    def listed(member: Member | None) -> list[ChangeRequest]:
        return list(change_request_list(actor=world.actor(member)))

    reacher = make_member(permissions=["view_contact", "reach_all_contacts"])
    assert listed(world.anna) == [request_of_anna]
    assert listed(world.petra) == [request_of_anna]
    assert listed(reacher) == [request_of_anna]
    assert listed(None) == [request_of_anna]
    assert listed(world.ben) == []
    assert listed(world.carl) == []


def test_a2_reach_of_requests_is_reach_of_their_targets(
    world: World, request_of_anna: ChangeRequest
) -> None:
    """Found without a join, a request's reach is still the one of its contact or legal entity."""
    other_type = make_contact_type("other", CrmSchema.objects.get(key="tiny"))
    hold(world.actor(world.ben), world.contact(adviser=world.ben), {"person": {"lastName": "K"}})
    hold(
        world.actor(world.carl),
        make_contact(contact_type=other_type, adviser=world.carl),
        {"person": {"lastName": "King"}},
    )
    entity = LegalEntity.objects.create(
        details={}, details_hash=b"", schema_token=1, display_name="x", display_name_folded="x"
    )
    request_of_anna.pk, request_of_anna.uid, request_of_anna.contact = None, uuid4(), None
    request_of_anna.legal_entity = entity
    request_of_anna.save(force_insert=True)
    members = [world.anna, world.ben, world.petra, world.carl]
    members += [make_member(permissions=["reach_all_contacts"]), make_member(is_superuser=True)]
    narrow = make_app("narrow", contact_types=[other_type])
    actors = [actor_of(member, app=app) for member in members for app in (world.app, narrow)]
    actors += [actor_of(None, app=world.app), actor_of(None, app=narrow), SYSTEM, Actor()]

    for actor in actors:
        expected = {
            each.pk
            for each in ChangeRequest.objects.all()
            if Contact.objects.visible_to(actor).filter(pk=each.contact_id).exists()
            or LegalEntity.objects.visible_to(actor).filter(pk=each.legal_entity_id).exists()
        }
        found = ChangeRequest.objects.visible_to(actor).values_list("pk", flat=True)
        assert sorted(found) == sorted(expected), actor


def test_a_request_tells_its_number(request_of_anna: ChangeRequest) -> None:
    assert str(request_of_anna) == f"change request {request_of_anna.pk}"


def test_c4_a_review_names_the_requests_own_target(
    world: World, request_of_anna: ChangeRequest
) -> None:
    elsewhere = replace(ref_of(world.contact()), id=request_of_anna.contact_id + 999)

    with pytest.raises(NotFound):
        change_request_review(
            actor=world.actor(world.petra),
            ref=elsewhere,
            request_id=request_of_anna.pk,
            review=Review(is_approved=True),
        )
