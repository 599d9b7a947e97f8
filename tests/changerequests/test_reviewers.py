"""Who may decide a request, from both sides, and that reach is what it has always been."""

from itertools import product

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext

from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import queue, queue_decidable
from changerequests.selectors.reviewers import may_decide, reviewers_by_request, reviewers_of
from config.common.actors import SYSTEM, Actor
from contacts.models import Contact, ContactType, Member
from legalentities.models import LegalEntity
from tests.factories.contacts import make_member
from tests.factories.fixtures import World
from tests.factories.submissions import hold
from tests.factories.tokens import actor_of

PERMISSIONS = (
    "review_changerequest",
    "view_contact",
    "view_legalentity",
    "reach_all_contacts",
)
KING = {"person": {"lastName": "King"}}


@pytest.fixture
def firm(world: World) -> World:
    """Members with every set of permissions as advisers and as their managers, superusers and
    inactive ones; each has asked for something on a contact of its own and on a legal entity.
    """
    like = hold(world.actor(world.anna), world.contact(), KING)
    members = [world.petra, world.ben, world.carl]
    for granted in product((False, True), repeat=len(PERMISSIONS)):
        held = {name for name, is_held in zip(PERMISSIONS, granted, strict=True) if is_held}
        manager = make_member(permissions=held)
        members += [manager, make_member(permissions=held, manager=manager)]
    members.append(make_member(permissions=(), is_superuser=True))
    for member in members:
        request_by(member, like, contact=world.contact(advisers=[member]))
        request_by(member, like, legal_entity=make_entity())
    left = {"is_active": False, "permissions": PERMISSIONS, "manager": world.petra}
    make_member(**left)
    return world


def make_entity() -> LegalEntity:
    return LegalEntity.objects.create(
        details={}, details_hash=b"", schema_token=1, display_name="x", display_name_folded="x"
    )


def request_by(
    member: Member,
    like: ChangeRequest,
    *,
    contact: Contact | None = None,
    legal_entity: LegalEntity | None = None,
) -> ChangeRequest:
    """A pending request of the member; only its row matters here."""
    return ChangeRequest.objects.create(
        contact=contact,
        legal_entity=legal_entity,
        initiator=member,
        created_at=like.created_at,
        schema_token=1,
        details=like.details,
    )


def expected(member: Member, request: ChangeRequest, reached: set[int]) -> bool:
    """The rule in plain words (C4, A1, A2, A6, L3)."""
    kind = "contacts.view_contact" if request.contact_id else "legalentities.view_legalentity"
    is_near = request.contact_id in reached or member.has_perm("contacts.reach_all_contacts")
    may_read = member.has_perm(kind) and is_near
    may_review = member.has_perm("changerequests.review_changerequest")
    return member.is_active and may_review and may_read and member.pk != request.initiator_id


def test_c4_everybody_has_the_same_answer_to_who_may_decide(firm: World) -> None:
    """The queue, the page of a request, the notices and the marks."""
    requests = list(ChangeRequest.objects.order_by("pk"))
    page = reviewers_by_request(requests)
    told = {request.pk: set(reviewers_of(request)) for request in requests}

    pairs = 0
    for member in Member.objects.filter(is_active=True):
        below = Member.objects.filter(pk=member.pk) | Member.objects.filter(manager=member)
        reached = set(Contact.objects.filter(assignments__member__in=below).values_list(flat=True))
        actor = actor_of(member, app=firm.app)
        waiting = set(queue_decidable(actor=actor))
        shown = set(queue(actor=actor))
        for request in requests:
            may = expected(member, request, reached)
            decides = request in shown and may_decide(actor=actor, request=request)
            answers = (request in waiting, decides, member in told[request.pk])
            assert answers == (may, may, may), (member, request)
            assert (member in page[request.pk]) == may, (member, request)
            pairs += may

    assert pairs > len(requests)
    assert {member.is_active for found in page.values() for member in found} == {True}


def test_c5_nobody_may_decide_what_is_decided(firm: World) -> None:
    boss = actor_of(Member.objects.get(is_superuser=True), app=firm.app)
    assert queue_decidable(actor=boss).exists()

    ChangeRequest.objects.update(status=ChangeRequest.Status.CANCELLED)

    assert not queue_decidable(actor=boss).exists()
    request = ChangeRequest.objects.filter(initiator=firm.petra)[0]
    assert not may_decide(actor=boss, request=request)


def before(actor: Actor) -> QuerySet[ChangeRequest]:
    """Reach as the targets have it: what the condition on requests must come to."""
    contacts = Contact.objects.visible_to(actor).filter(pk=OuterRef("contact_id"))
    entities = LegalEntity.objects.visible_to(actor).filter(pk=OuterRef("legal_entity_id"))
    return ChangeRequest.objects.filter(Exists(contacts) | Exists(entities))


def test_a2_l3_requests_are_within_reach_as_their_targets_are(firm: World) -> None:
    other_type = ContactType.objects.create(key="other", schema=firm.contact_type.schema)
    Contact.objects.filter(assignments__member=firm.ben).update(contact_type=other_type)
    kinds = [None, frozenset[int](), frozenset({firm.contact_type.pk}), frozenset({other_type.pk})]
    callers: list[Actor] = [SYSTEM, Actor()]
    for kind in kinds:
        callers.append(Actor(app_id=firm.app.pk, contact_type_ids=kind))
        for member in Member.objects.all():
            permissions = frozenset(member.get_all_permissions())
            callers.append(
                Actor(member_id=member.pk, permissions=permissions, contact_type_ids=kind)
            )

    sizes = set()
    for actor in callers:
        found = set(ChangeRequest.objects.visible_to(actor).values_list("pk", flat=True))
        assert found == set(before(actor).values_list("pk", flat=True)), actor
        sizes.add(len(found))

    assert len(sizes) > 4


def test_a2_reach_is_asked_without_the_targets_own_tables(world: World) -> None:
    """The badge is on every page: it reads neither contacts nor legal entities."""
    actor = world.actor(world.petra)

    with CaptureQueriesContext(connection) as captured:
        queue_decidable(actor=actor)[:100].count()

    (statement,) = [each["sql"] for each in captured]
    assert "contacts_reach" in statement
    assert '"contacts_contact"' not in statement
    assert "legalentities" not in statement
