"""Members as others look for them: by what they may do, and by whose eyes a search looks."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from config.common.actors import Actor
from config.common.exceptions import NotFound
from config.common.paging import INT32_MAX
from contacts.models import Member, MemberClosure, within_reach

REACH_ALL = "contacts.reach_all_contacts"


def holds(permission: str) -> Q:
    """The condition that a member holds a permission, as Django's own check has it: by itself, by a
    role or as a superuser, and only while active.
    """
    app_label, codename = permission.split(".")
    named = {"codename": codename, "content_type__app_label": app_label}
    own = Member.user_permissions.through.objects.filter(
        member_id=OuterRef("pk"), **{f"permission__{name}": value for name, value in named.items()}
    )
    by_role = Member.groups.through.objects.filter(
        member_id=OuterRef("pk"),
        **{f"group__permissions__{name}": value for name, value in named.items()},
    )
    return Q(is_active=True) & (Q(is_superuser=True) | Exists(own) | Exists(by_role))


def member_view(*, actor: Actor, member_id: int) -> Actor:
    """A member as the one by whose reach `actor` searches (A5): itself or a member below it, for
    apps any. It carries the restrictions of the caller's app. One statement, none for the caller
    itself. Raises NotFound for any other member, as for one that does not exist.
    """
    if actor.member_id == member_id:
        return actor
    members = Member.objects.filter(pk=member_id)
    if actor.is_member:
        below = MemberClosure.objects.filter(ancestor=actor.member_id, descendant=OuterRef("pk"))
        members = members.filter(Exists(below))
    reaches_all = ExpressionWrapper(holds(REACH_ALL), BooleanField())
    found = members.values_list(reaches_all).first() if 0 < member_id <= INT32_MAX else None
    if found is None:
        raise NotFound
    return Actor(
        member_id=member_id,
        permissions=frozenset([REACH_ALL] if found[0] else []),
        contact_type_ids=actor.contact_type_ids,
    )


def reach_of(*, actor: Actor, view: Actor, contact: str, is_direct: bool = False) -> Q:
    """The condition that rows, which name a contact by the relation `contact`, are within the reach
    of `view`, a member at or below the caller, and of the caller too: whatever else the member
    reaches, it shows nobody more than their own. `is_direct` leaves only what the member advises
    itself, whatever it reaches; apps advise nobody, so it has no effect for them (Q2).

    For searches over many rows: one statement for the members below, none where nothing limits.
    """
    if is_direct and actor.is_member:
        return within_reach(view, contact, members=[view.member_id or 0])
    reacher = actor if view.reaches_all_contacts else view
    if reacher.member_id is None or reacher.reaches_all_contacts:
        return within_reach(reacher, contact)
    below = MemberClosure.objects.filter(ancestor=reacher.member_id)
    members = list(below.values_list("descendant_id", flat=True))
    return within_reach(reacher, contact, members=members)
