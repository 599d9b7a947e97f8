"""Roles: named sets of permissions that members hold as groups."""

from collections.abc import Collection

from django.contrib.auth.models import Group, Permission

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import Forbidden, NotFound


@atomic()
def role_save(
    *, actor: Actor, role_id: int | None, name: str, permissions: Collection[Permission]
) -> Group:
    """Create or change a role; it counts with the next request of everyone who holds it (A3).

    Only what differs is audited (H3). For superusers: a role's permissions are everybody's rights.
    Locks the role. Raises Forbidden, NotFound; a name that is taken is an IntegrityError.
    """
    if actor.is_member and not actor.is_superuser:
        raise Forbidden("Only a superuser may change roles.")
    role, changed = _named(role_id, name)
    if set(role.permissions.all()) != set(permissions):
        role.permissions.set(permissions)
        changed.append("permissions")
    if changed:
        audit_record(
            actor=actor,
            operation="updateRole" if role_id else "createRole",
            object_type="role",
            object_id=role.pk,
            fields=changed,
        )
    return role


def _named(role_id: int | None, name: str) -> tuple[Group, list[str]]:
    if role_id is None:
        return Group.objects.create(name=name), ["name"]
    role = Group.objects.select_for_update().filter(pk=role_id).first()
    if role is None:
        raise NotFound
    if role.name == name:
        return role, []
    role.name = name
    role.save(update_fields=["name"])
    return role, ["name"]
