"""Members: their place in the hierarchy, their roles, and whether they may call at all."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final

from axes.utils import reset
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic, constraint_of
from config.common.exceptions import Forbidden, NotFound, Unprocessable
from contacts.exceptions import UsernameNotUnique
from contacts.models import Member
from contacts.services.rights import require_superuser


class HierarchyCycle(Unprocessable):
    """A member would stand below itself."""

    sub_code = "HierarchyCycle"
    default_message = "A member cannot be managed by itself or by a member below it."


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """What people see of a member."""

    first_name: str
    last_name: str
    email: str


class Unchanged(Enum):
    """Tells a manager that stays from having none."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class MemberUpdate:
    """Where a member stands and what it may do; None, for the manager `UNCHANGED`, leaves as it
    is. `is_staff` opens the back office.
    """

    manager_id: int | Unchanged | None = UNCHANGED
    is_active: bool | None = None
    groups: Collection[Group] | None = None
    profile: MemberProfile | None = None
    is_staff: bool | None = None
    is_superuser: bool | None = None
    is_notified: bool | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MemberCreation:
    """A new member. The password is checked by whoever takes it from a person."""

    username: str
    password: str
    profile: MemberProfile
    manager_id: int | None
    groups: Collection[Group]


# What only a superuser changes: everything else would let members raise their own rights.
_RIGHTS = frozenset({"groups", "is_superuser", "is_staff"})
# What the database refuses of a hierarchy: by a check for oneself, by a trigger for all below.
_HIERARCHY = frozenset({"member_not_own_manager", "member_hierarchy_acyclic"})


@atomic()
def member_create(*, actor: Actor, creation: MemberCreation) -> Member:
    """A new active member that can sign in to the back office.

    Raises Forbidden (roles named by a member that is no superuser), UsernameNotUnique.
    """
    if creation.groups:
        require_superuser(actor)
    profile = creation.profile
    try:
        member: Member = Member.objects.create_user(
            creation.username,
            profile.email,
            creation.password,
            first_name=profile.first_name,
            last_name=profile.last_name,
            manager_id=creation.manager_id,
            is_staff=True,
        )
    except IntegrityError:
        # Of the values that a caller chooses, the login alone is unique.
        raise UsernameNotUnique from None
    member.groups.set(creation.groups)
    fields = ["username", "password", "first_name", "last_name", "email", "manager_id"]
    _audit(actor, "createMember", member, [*fields, *(["groups"] if creation.groups else [])])
    return member


@atomic()
def member_update(*, actor: Actor, member_id: int, update: MemberUpdate) -> Member:
    """Move, (de)activate, re-role or rename a member; it counts with the next request (A3).

    Locks the member; the closure of the hierarchy follows by a trigger. Only what differs is
    written and audited (H3). A member without superuser's rights changes neither itself nor a
    superuser nor anybody's rights, and moves members with the permission alone. Raises NotFound,
    Forbidden, HierarchyCycle.
    """
    member = _locked(member_id)
    is_protected = _is_protected(actor, member)
    changed = _assign(member, update)
    regrouped = update.groups is not None and set(update.groups) != set(member.groups.all())
    named = [*changed, *(["groups"] if regrouped else [])]
    if named:
        _require_authority(actor, named, is_protected=is_protected)
    if changed:
        _save(member, changed)
    if regrouped:
        member.groups.set(update.groups or ())
    if named:
        _audit(actor, "updateMember", member, named)
    return member


@atomic()
def member_tokens_revoke(*, actor: Actor, member_id: int) -> None:
    """Sign the member out everywhere: refuse every access token that was issued so far, and end
    its sessions (A3). Raises NotFound, and Forbidden as `member_update` does.
    """
    member = _locked(member_id)
    if _is_protected(actor, member):
        require_superuser(actor)
    member.tokens_valid_from = timezone.now()
    member.save(update_fields=["tokens_valid_from"])
    _audit(actor, "revokeMemberTokens", member, ["tokens_valid_from"])


@atomic()
def member_password_set(*, actor: Actor, member_id: int, password: str) -> Member:
    """Give a member another password and sign it out everywhere. For superusers: who knows
    somebody's password acts as that person (A6). Raises NotFound, Forbidden.
    """
    require_superuser(actor)
    member = _locked(member_id)
    member.set_password(password)
    member.tokens_valid_from = timezone.now()
    member.save(update_fields=["password", "tokens_valid_from"])
    _audit(actor, "setMemberPassword", member, ["password"])
    return member


@atomic()
def member_unlock(*, actor: Actor, member_id: int) -> None:
    """Let a member that is locked out by wrong passwords try again. Raises NotFound, and Forbidden
    as `member_update` does.
    """
    member = _locked(member_id)
    if _is_protected(actor, member):
        require_superuser(actor)
    reset(username=member.username)
    _audit(actor, "unlockMember", member, [])


@atomic()
def member_notices_set(
    *, actor: Actor, is_notified: bool | None = None, language: str | None = None
) -> Member:
    """Switch the caller's own emails about change requests on or off, or say in which language they
    come (empty: the installation's): all of its row that a member changes itself. None leaves as it
    is. As it is already: nothing is written.

    Locks the member. Raises Forbidden for apps, which get none.
    """
    if actor.member_id is None:
        raise Forbidden
    member = _locked(actor.member_id)
    changed = _assign(member, MemberUpdate(is_notified=is_notified, language=language))
    if changed:
        _save(member, changed)
        _audit(actor, "updateMember", member, changed)
    return member


def _locked(member_id: int) -> Member:
    member = Member.objects.select_for_update(no_key=True).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    return member


def _assign(member: Member, update: MemberUpdate) -> list[str]:
    """Set what differs; gives the names of these fields."""
    values: dict[str, object] = {
        name: value
        for name in ("is_active", "is_staff", "is_superuser", "is_notified", "language")
        if (value := getattr(update, name)) is not None
    }
    if update.manager_id is not UNCHANGED:
        values["manager_id"] = update.manager_id
    if update.profile is not None:
        values["first_name"] = update.profile.first_name
        values["last_name"] = update.profile.last_name
        values["email"] = update.profile.email
    changed = [name for name, value in values.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, values[name])
    return changed


def _require_authority(actor: Actor, changed: Collection[str], *, is_protected: bool) -> None:
    if is_protected or _RIGHTS.intersection(changed):
        require_superuser(actor)
    is_free = not actor.is_member or actor.has_permission("contacts.move_member")
    if "manager_id" in changed and not is_free:
        raise Forbidden("The hierarchy may be changed with a permission of its own only.")


def _is_protected(actor: Actor, member: Member) -> bool:
    """Oneself and superusers are for superusers (A6)."""
    return member.is_superuser or member.pk == actor.member_id


def _save(member: Member, changed: Collection[str]) -> None:
    try:
        member.save(update_fields=list(changed))
    except IntegrityError as error:
        if constraint_of(error) not in _HIERARCHY:
            raise
        raise HierarchyCycle from None


def _audit(actor: Actor, operation: str, member: Member, fields: Collection[str]) -> None:
    audit_record(
        actor=actor, operation=operation, object_type="member", object_id=member.pk, fields=fields
    )
