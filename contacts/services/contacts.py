"""Creating contacts, and who advises them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Q

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic, constraint_of
from config.common.exceptions import FieldError, Forbidden, fields_error
from contacts.exceptions import ContactAnonymized, DetailsInvalid, UsernameNotUnique
from contacts.models import ChangeSet, Contact, ContactAssignment, ContactType, Member
from contacts.services.details import DetailsCreation, Origin, details_create
from contacts.targets import CONTACT
from contacts.usernames import folded_username, new_username
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Document, Mode, propose, settle
from crmschema.locks import schema_lock_shared
from crmschema.selectors import compiled as compiled_schema


@dataclass(frozen=True, slots=True)
class ContactCreation:
    """What a new contact is made of. `member_uids` advise it, beside the member that creates it."""

    contact_type_id: int
    username: str | None
    details: Mapping[str, Any]  # Any: JSON values
    member_uids: Sequence[uuid.UUID] = ()


@dataclass(frozen=True, slots=True)
class CreatedContact:
    id: int
    uid: uuid.UUID
    details: Document


@atomic()
def contact_create(
    *, actor: Actor, creation: ContactCreation, source: ChangeSet.Source
) -> CreatedContact:
    """Create a contact with its creation change set; the member that creates it advises it (A1).

    Nothing is held or waits: approval and verification are about changes (C1, V1). Takes the
    schema's shared lock. Raises BadRequest (contact type, member or username), Forbidden (a member
    that may not assign others), DetailsInvalid, UsernameNotUnique.
    """
    contact_type = _contact_type(actor, creation.contact_type_id)
    advisers = _advisers(actor, creation.member_uids)
    schema_lock_shared(contact_type.schema_id)
    compiled = compiled_schema(contact_type.schema.key)
    document = _new_document(compiled, creation.details, for_member=actor.is_member)
    username = new_username(creation.username, compiled=compiled, document=document)
    uid = uuid.uuid4()
    contact_id = _insert(
        Origin(source, member_id=actor.member_id, app_id=actor.app_id),
        DetailsCreation(
            uid=uid,
            compiled=compiled,
            document=document,
            own={
                "contact_type_id": contact_type.pk,
                "username": username,
                "username_folded": folded_username(username),
            },
        ),
    )
    if advisers:
        _assign(actor, contact_id, advisers)
    return CreatedContact(contact_id, uid, document)


@atomic()
def contact_members_set(
    *, actor: Actor, contact_id: int, member_uids: Collection[uuid.UUID]
) -> None:
    """Make exactly these members advise the contact; it counts with the next request (A3).

    Locks the contact. Setting the same members again changes nothing; one that is no longer active
    can stay, but not come. Raises BadRequest, ContactAnonymized.
    """
    contact = (
        Contact.objects.select_for_update(no_key=True).only("anonymised_at").get(pk=contact_id)
    )
    if contact.anonymised_at is not None:
        raise ContactAnonymized
    present = set(
        ContactAssignment.objects.filter(contact_id=contact_id).values_list("member_id", flat=True)
    )
    members = _members(member_uids, present)
    removed, added = present - members, members - present
    if removed:
        ContactAssignment.objects.filter(contact_id=contact_id, member_id__in=removed).delete()
    if added:
        _insert_assignments(contact_id, added)
    if removed or added:
        _audit_assignment(actor, contact_id)


def _contact_type(actor: Actor, contact_type_id: int) -> ContactType:
    """The type, if there is one and the app may use it."""
    allowed = actor.contact_type_ids
    contact_type = ContactType.objects.select_related("schema").filter(pk=contact_type_id).first()
    if contact_type is None or (allowed is not None and contact_type_id not in allowed):
        raise fields_error(FieldError("contactTypeId", "Unknown", "There is no such contact type."))
    return contact_type


def _advisers(actor: Actor, member_uids: Sequence[uuid.UUID]) -> set[int]:
    """Whom the new contact is assigned to: the creating member, and those that were named."""
    if member_uids and actor.is_member and not actor.has_permission("contacts.assign_contact"):
        raise Forbidden("The member may not assign contacts to others.")
    advisers = _members(member_uids)
    if actor.member_id is not None:
        advisers.add(actor.member_id)
    return advisers


def _members(member_uids: Collection[uuid.UUID], present: Collection[int] = ()) -> set[int]:
    """The members by uid: active ones, and those of `present`, who can stay."""
    wanted = set(member_uids)
    members = Member.objects.filter(Q(is_active=True) | Q(pk__in=present), uid__in=wanted)
    found = dict(members.values_list("uid", "pk")) if wanted else {}
    if len(found) < len(wanted):
        raise fields_error(
            FieldError("memberUids", "Unknown", "A member is unknown or no longer active.")
        )
    return set(found.values())


def _new_document(
    compiled: CompiledSchema,
    details: Mapping[str, Any],  # Any: JSON values
    *,
    for_member: bool,
) -> Document:
    proposed = propose(compiled, stored={}, body=details, mode=Mode.PUT, for_member=for_member)
    settlement = settle(compiled, stored={}, proposed=proposed, for_member=for_member, is_new=True)
    if settlement.errors:
        raise DetailsInvalid.of(settlement.errors)
    return settlement.document


def _insert(origin: Origin, creation: DetailsCreation) -> int:
    try:
        ids = details_create(origin=origin, kind=CONTACT, creations=[creation])
    except IntegrityError as error:
        is_username = "username_folded" in (constraint_of(error) or "")
        raise UsernameNotUnique() if is_username else error from None
    return ids[creation.uid]


def _assign(actor: Actor, contact_id: int, members: Collection[int]) -> None:
    _insert_assignments(contact_id, members)
    _audit_assignment(actor, contact_id)


def _insert_assignments(contact_id: int, members: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_contactassignment (contact_id, member_id)"
            " SELECT %s::int, unnest(%s::int[]) ON CONFLICT DO NOTHING",
            [contact_id, sorted(members)],
        )


def _audit_assignment(actor: Actor, contact_id: int) -> None:
    audit_record(
        actor=actor,
        operation="assignContact",
        object_type="contact",
        object_id=contact_id,
        fields=["members"],
    )
