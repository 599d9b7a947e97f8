"""The back office as its members see it."""

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from changerequests.models import ChangeRequest
from changerequests.services import Submission, details_submit
from config.common.actors import SYSTEM
from contacts.models import ChangeSet, Member
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.targets import LEGAL_ENTITY, TargetRef
from crmschema.documents import Mode
from crmschema.selectors import compiled
from crmschema.services import schema_create
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details, tiny_schema

SignIn = Callable[[Member], Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A browser in which the member is signed in to the back office."""

    def signed_in(member: Member, *, enforce_csrf_checks: bool = False) -> Client:
        Member.objects.filter(pk=member.pk).update(is_staff=True)
        member.refresh_from_db()
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def admin(db: None) -> Member:
    """The superuser."""
    return Member.objects.create_superuser("admin", "admin@example.com", "irrelevant")


@pytest.fixture
def petra(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.petra)


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.anna)


def grant(member: Member, *codenames: str) -> None:
    """Further permissions, by codename."""
    member.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


@pytest.fixture
def legal_request(world: World) -> ChangeRequest:
    """Anna's request on a legal entity, whose schema is the tiny one."""
    schema = schema_create(actor=SYSTEM, key="legalentity", schema=tiny_schema())
    uid = uuid.uuid4()
    creation = DetailsCreation(
        uid=uid,
        compiled=compiled("legalentity"),
        document={**tiny_details(displayName="Globales Holding")},
        own={},
    )
    ids = details_create(
        origin=Origin(ChangeSet.Source.SYSTEM), kind=LEGAL_ENTITY, creations=[creation]
    )
    result = details_submit(
        actor=world.actor(world.anna),
        ref=TargetRef(LEGAL_ENTITY, ids[uid], schema.pk, schema.key),
        submission=Submission(mode=Mode.PATCH, details={"person": {"lastName": "King"}}),
        source=ChangeSet.Source.API,
    )
    return ChangeRequest.objects.get(pk=result.change_request_id)
