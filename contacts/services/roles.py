"""Roles: named sets of permissions that members hold as groups."""

from collections.abc import Collection

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import NotFound
from contacts.services.rights import require_superuser

# The models with pages, and the permissions among theirs that no page or operation asks for:
# nothing is ever deleted, history and change requests have operations of their own, apps and roles
# are for superusers.
_APPS = ("contacts", "changerequests", "legalentities", "lists", "crmschema", "common", "auth")
_MODELS = (
    "contact",
    "member",
    "app",
    "changerequest",
    "legalentity",
    "list",
    "listitem",
    "crmschema",
    "auditevent",
    "outboxmessage",
    "group",
)
_WITHOUT_MEANING = (
    *("add_changerequest", "change_changerequest", "view_changerequest"),
    *("add_auditevent", "change_auditevent"),
    *("add_outboxmessage",),
    *("add_app", "change_app"),
    *("add_group", "change_group"),
)


def grantable_permissions() -> QuerySet[Permission]:
    """The permissions that mean something to the product."""
    return (
        Permission.objects.filter(
            content_type__app_label__in=_APPS, content_type__model__in=_MODELS
        )
        .exclude(codename__startswith="delete_")
        .exclude(codename__in=_WITHOUT_MEANING)
        .select_related("content_type")
        .order_by("content_type__app_label", "content_type__model", "codename")
    )


@atomic()
def role_save(
    *, actor: Actor, role_id: int | None, name: str, permissions: Collection[Permission]
) -> Group:
    """Create or change a role; it counts with the next request of everyone who holds it (A3).

    Only what differs is audited (H3). For superusers: a role's permissions are everybody's rights.
    What the role has beyond `grantable_permissions` stays, and nothing beyond them is added.
    Locks the role. Raises Forbidden, NotFound; a name that is taken is an IntegrityError.
    """
    require_superuser(actor)
    role, changed = _named(role_id, name)
    before, grantable = set(role.permissions.all()), set(grantable_permissions())
    after = (before - grantable) | (grantable & set(permissions))
    if before != after:
        role.permissions.set(after)
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
