"""The first statement of every operation: who calls, and what of a contact it reaches (A1-A3).

One statement answers 401, 403 and 404 alike, so that a moved member, a lost permission or a
revoked token counts with the next request. Hand-written, because it carries the whole of a read;
`visible_to` is the rule, `contacts_reach` its definition in the database, and a test compares the
two over random hierarchies.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from config.common.actors import Actor
from config.common.exceptions import NotFound, Unauthorized
from config.common.paging import INT32_MAX
from config.common.tokens import Credentials
from contacts.models import Contact
from contacts.targets import CONTACT, TargetRef

_CALLER = """
SELECT app.id, app.is_active, app.tokens_valid_from, app.scopes, limits.types,
       member.id, member.is_active, member.is_superuser, member.tokens_valid_from,
       granted.permissions,
       EXISTS (SELECT 1 FROM oauth2_provider_accesstoken token
               WHERE token.token_checksum = %(checksum)s)
       {columns}
FROM contacts_app app
CROSS JOIN LATERAL (
    SELECT array_agg(contacttype_id) AS types
    FROM contacts_app_contact_types WHERE app_id = app.id
) limits
{member}
{contact}
WHERE app.client_id = %(client_id)s
"""

_MEMBER = """
LEFT JOIN contacts_member member ON member.id = %(member_id)s
CROSS JOIN LATERAL (
    SELECT array_agg(kind.app_label || '.' || permission.codename) AS permissions
    FROM auth_permission permission
    JOIN django_content_type kind ON kind.id = permission.content_type_id
    WHERE permission.id IN (
        SELECT permission_id FROM contacts_member_user_permissions WHERE member_id = member.id
        UNION ALL
        SELECT held.permission_id FROM auth_group_permissions held
        JOIN contacts_member_groups membership USING (group_id)
        WHERE membership.member_id = member.id
    )
) granted
"""

# For an app that acts alone: constants, with which the planner leaves out all that is of members.
_NO_MEMBER = """
CROSS JOIN (
    SELECT NULL::int AS id, NULL::boolean AS is_active, NULL::boolean AS is_superuser,
           NULL::timestamptz AS tokens_valid_from
) member
CROSS JOIN (SELECT NULL::text[] AS permissions) granted
"""

_CONTACT = """
LEFT JOIN (
    contacts_contact contact
    JOIN contacts_contacttype type ON type.id = contact.contact_type_id
    JOIN crmschema_crmschema schema ON schema.id = type.schema_id
) ON contact.id = %(contact_id)s
  AND (limits.types IS NULL OR contact.contact_type_id = ANY (limits.types))
  AND (member.id IS NULL OR member.is_superuser
       OR 'contacts.reach_all_contacts' = ANY (granted.permissions)
       OR EXISTS (SELECT 1 FROM contacts_reach reach
                  WHERE reach.member_id = member.id AND reach.contact_id = contact.id))
"""

_CONTACT_COLUMNS = (
    "contact.id",
    "contact.uid",
    "contact.version",
    "contact.anonymised_at IS NOT NULL",
    "contact.display_name",
    "schema.id",
    "schema.key",
)
_CALLER_WIDTH = 11


@dataclass(frozen=True, slots=True)
class ReachedContact:
    """A contact within the caller's reach. `extra` are the further columns that were asked for."""

    id: int
    uid: UUID
    version: int
    is_anonymised: bool
    display_name: str
    ref: TargetRef
    extra: tuple[Any, ...]  # Any: columns of the caller's choice


def actor_resolve(credentials: Credentials) -> Actor:
    """The actor of a verified token, as things stand now. One statement.

    Raises Unauthorized when the app or member is unknown or inactive, or the token was revoked or
    issued before what its app or member accepts (A3).
    """
    row = _fetch(None, credentials, None)
    return _actor(row, credentials)


def contact_reach(
    credentials: Credentials, contact_id: int, extra: tuple[str, ...] = ()
) -> tuple[Actor, ReachedContact | None]:
    """The actor, and the contact unless it is out of reach or does not exist. One statement.

    `extra` are further SQL expressions over `contact` and its `schema`, constants of the code.
    Raises as `actor_resolve` does.
    """
    # No contact has a larger id, and a larger number would be compared without the index.
    row = _fetch(extra, credentials, contact_id if contact_id <= INT32_MAX else 0)
    actor = _actor(row, credentials)
    return actor, _contact(row[_CALLER_WIDTH:])


def contact_require_reach(*, actor: Actor, contact_id: int) -> None:
    """Raise NotFound unless the actor reaches the contact now (A2)."""
    if not Contact.objects.visible_to(actor).filter(pk=contact_id).exists():
        raise NotFound


def contacts_reached(actor: Actor) -> QuerySet[Contact]:
    """The contacts within the actor's reach (A2)."""
    return Contact.objects.visible_to(actor)


@cache
def _statement(extra: tuple[str, ...] | None, *, is_member: bool) -> str:
    """One constant text for each shape, so that the server prepares it once."""
    member = _MEMBER if is_member else _NO_MEMBER
    if extra is None:
        return _CALLER.format(columns="", member=member, contact="")
    columns = "".join(f", {column}" for column in (*_CONTACT_COLUMNS, *extra))
    return _CALLER.format(columns=columns, member=member, contact=_CONTACT)


def _fetch(
    extra: tuple[str, ...] | None, credentials: Credentials, contact_id: int | None
) -> tuple[Any, ...]:
    statement = _statement(extra, is_member=credentials.member_id is not None)
    parameters: dict[str, str | int] = {
        "client_id": credentials.app_client_id,
        "checksum": credentials.token_checksum,
    }
    if credentials.member_id is not None:
        parameters["member_id"] = credentials.member_id
    if contact_id is not None:
        parameters["contact_id"] = contact_id
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise Unauthorized
    return row


def _actor(row: tuple[Any, ...], credentials: Credentials) -> Actor:
    app_id, app_active, app_from, app_scopes, types = row[:5]
    member_id, member_active, is_superuser, member_from, permissions, is_known = row[5:11]
    usable = is_known and app_active and app_from <= credentials.issued_at
    if credentials.member_id is not None:
        usable = usable and member_active and member_from <= credentials.issued_at
    if not usable:
        raise Unauthorized
    return Actor(
        app_id=app_id,
        member_id=member_id,
        scopes=credentials.scopes.intersection(app_scopes),
        permissions=frozenset(permissions or ()),
        is_superuser=bool(is_superuser),
        contact_type_ids=None if types is None else frozenset(types),
    )


def _contact(row: tuple[Any, ...]) -> ReachedContact | None:
    contact_id, uid, version, is_anonymised, name, schema_id, schema_key, *extra = row
    if contact_id is None:
        return None
    return ReachedContact(
        id=contact_id,
        uid=uid,
        version=version,
        is_anonymised=is_anonymised,
        display_name=name,
        ref=TargetRef(CONTACT, contact_id, schema_id, schema_key),
        extra=tuple(extra),
    )
