"""Reach is one rule with two spellings: `visible_to` and the statement of every operation (A2)."""

from random import Random

from config.common.actors import SYSTEM
from contacts.models import Contact, ContactType, Member
from contacts.selectors.access import contact_reach
from contacts.services.contacts import contact_members_set
from tests.factories.contacts import make_app, make_contact, make_contact_type, make_member
from tests.factories.fixtures import World
from tests.factories.randoms import seeded
from tests.factories.tokens import actor_of, credentials


def reached_by_hierarchy(member: Member, contact: Contact) -> bool:
    """The rule as a person would read it: up from each adviser, manager by manager."""
    for assignment in contact.assignments.select_related("member"):
        above: Member | None = assignment.member
        while above is not None:
            if above.pk == member.pk:
                return True
            above = above.manager
    return False


def firm(random: Random, types: list[ContactType]) -> tuple[list[Member], list[Contact]]:
    members: list[Member] = []
    for _ in range(6):
        permissions = ["view_contact", *(["reach_all_contacts"] if random.random() < 0.15 else [])]
        manager = random.choice([None, *members])
        is_superuser = random.random() < 0.1
        members.append(
            make_member(manager=manager, permissions=permissions, is_superuser=is_superuser)
        )
    contacts = [make_contact(contact_type=random.choice(types)) for _ in range(5)]
    for contact in contacts:
        uids = [member.uid for member in random.sample(members, random.randint(0, 2))]
        contact_members_set(actor=SYSTEM, contact_id=contact.pk, member_uids=uids)
    for member in random.sample(members, 2):
        # Anybody that does not stand below may be the new manager.
        below = {each.pk for each in members if reaches(member, each)}
        member.manager = random.choice([None, *(each for each in members if each.pk not in below)])
        member.save()
    return [Member.objects.get(pk=member.pk) for member in members], contacts


def reaches(above: Member, member: Member | None) -> bool:
    while member is not None:
        if member.pk == above.pk:
            return True
        member = Member.objects.get(pk=member.pk).manager
    return False


def test_a2_reach_is_the_same_wherever_it_is_asked(world: World) -> None:
    types = [world.contact_type, make_contact_type("other", world.contact_type.schema)]
    for seed, random in seeded(8):
        members, contacts = firm(random, types)
        limits = random.choice([[], types[:1], types])
        app = make_app(contact_types=limits)
        for member in [None, *members]:
            token = credentials(member, app=app)
            actor = actor_of(member, app=app)
            visible = set(Contact.objects.visible_to(actor).values_list("pk", flat=True))
            for contact in contacts:
                _, reached = contact_reach(token, contact.pk)
                expected = (not limits or contact.contact_type in limits) and (
                    member is None
                    or member.is_superuser
                    or actor.has_permission("contacts.reach_all_contacts")
                    or reached_by_hierarchy(member, contact)
                )
                assert (reached is not None) is expected, seed
                assert (contact.pk in visible) is expected, seed


def test_a2_the_reached_contact_is_what_the_table_holds(world: World) -> None:
    contact = world.contact(username="ada")

    _, reached = contact_reach(credentials(world.anna), contact.pk, ("contact.username",))

    assert reached is not None
    assert (reached.id, reached.uid, reached.version) == (contact.pk, contact.uid, 1)
    assert (reached.display_name, reached.is_anonymised) == ("Ada Byron", False)
    assert reached.extra == ("ada",)
    assert reached.ref.schema_key == "tiny"
    assert reached.ref.schema_id == world.contact_type.schema_id


def test_a2_ids_of_any_size_are_just_not_there(world: World) -> None:
    for contact_id in (0, 2**31, 2**63, 2**70, 10**400):
        assert contact_reach(credentials(), contact_id)[1] is None
