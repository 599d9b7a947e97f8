"""Members: their place in the hierarchy, their roles, and whether they may call at all."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import NotFound, Unprocessable
from contacts.models import Member


class HierarchyCycle(Unprocessable):
    """A member would stand below itself."""

    sub_code = "HierarchyCycle"
    default_message = "A member cannot be managed by itself or by a member below it."


@dataclass(frozen=True, slots=True)
class MemberUpdate:
    """Where a member stands and what it may do."""

    manager_id: int | None
    is_active: bool
    groups: Collection[Group]


@atomic()
def member_update(*, actor: Actor, member_id: int, update: MemberUpdate) -> Member:
    """Move, (de)activate or re-role a member; it counts with the next request (A3).

    Locks the member; the closure of the hierarchy follows by a trigger. Only what differs is
    written and audited (H3). Raises NotFound, HierarchyCycle.
    """
    member = Member.objects.select_for_update(no_key=True).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    changed = [
        name
        for name in ("manager_id", "is_active")
        if getattr(member, name) != getattr(update, name)
    ]
    member.manager_id, member.is_active = update.manager_id, update.is_active
    if changed:
        _save(member, changed)
    if set(member.groups.all()) != set(update.groups):
        member.groups.set(update.groups)
        changed.append("groups")
    if changed:
        _audit(actor, "updateMember", member, changed)
    return member


@atomic()
def member_tokens_revoke(*, actor: Actor, member_id: int) -> None:
    """Refuse every access token that was issued to the member so far (A3). Raises NotFound."""
    member = Member.objects.select_for_update(no_key=True).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    member.tokens_valid_from = timezone.now()
    member.save(update_fields=["tokens_valid_from"])
    _audit(actor, "revokeMemberTokens", member, ["tokens_valid_from"])


def _save(member: Member, changed: Collection[str]) -> None:
    try:
        member.save(update_fields=list(changed))
    except IntegrityError as error:
        # The cycle is refused by the database: by the check for oneself, by the trigger below.
        if "member_not_own_manager" in str(error) or "below itself" in str(error):
            raise HierarchyCycle from None
        raise


def _audit(actor: Actor, operation: str, member: Member, fields: Collection[str]) -> None:
    audit_record(
        actor=actor, operation=operation, object_type="member", object_id=member.pk, fields=fields
    )
