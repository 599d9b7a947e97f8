"""Creating contacts, and who advises them."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Q

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import Rider, atomic, constraint_of
from config.common.exceptions import BadRequest, FieldError, Forbidden, fields_error
from contacts.exceptions import ContactAnonymized, DetailsInvalid, UsernameNotUnique
from contacts.models import ChangeSet, Contact, ContactAssignment, ContactType, Member
from contacts.selectors.targets import contact_prospect
from contacts.services.details import (
    DetailsCreation,
    Origin,
    details_create,
    details_create_unlocked,
)
from contacts.targets import CONTACT
from contacts.usernames import folded_username, new_username
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Document, Mode, propose, settle
from crmschema.locks import schema_lock_shared
from crmschema.selectors import compiled as compiled_schema
from crmschema.selectors import compiled_at


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
    new = _new_contact(actor, creation, compiled)
    origin = Origin(source, member_id=actor.member_id, app_id=actor.app_id)
    with _named_violations():
        contact_id = details_create(origin=origin, kind=CONTACT, creations=[new])[new.uid]
    if advisers:
        _assign(actor, contact_id, advisers)
    return CreatedContact(contact_id, new.uid, new.document)


def contact_create_unlocked(
    *,
    actor: Actor,
    creation: ContactCreation,
    source: ChangeSet.Source,
    rider_of: Callable[[CreatedContact], Rider] | None = None,
) -> CreatedContact | None:
    """The same in one statement, for an app that acts alone and assigns nobody. None for others,
    and when schema or lists have just moved: nothing is written then.

    What `rider_of` makes of the contact goes along with the write. Raises as `contact_create` does.
    """
    if actor.is_member or creation.member_uids:
        return None
    type_id = creation.contact_type_id
    prospect = contact_prospect(type_id) if _may_use(actor, type_id) else None
    if prospect is None:
        raise _unknown_type()
    new = _new_contact(actor, creation, compiled_at(prospect.schema))
    created = CreatedContact(prospect.target_id, new.uid, new.document)
    with _named_violations():
        is_written = details_create_unlocked(
            origin=Origin(source, app_id=actor.app_id),
            kind=CONTACT,
            creation=new,
            prospect=prospect,
            rider=rider_of(created) if rider_of else None,
        )
    return created if is_written else None


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
    contact_type = ContactType.objects.select_related("schema").filter(pk=contact_type_id).first()
    if contact_type is None or not _may_use(actor, contact_type_id):
        raise _unknown_type()
    return contact_type


def _may_use(actor: Actor, contact_type_id: int) -> bool:
    return actor.contact_type_ids is None or contact_type_id in actor.contact_type_ids


def _unknown_type() -> BadRequest:
    return fields_error(FieldError("contactTypeId", "Unknown", "There is no such contact type."))


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


def _new_contact(
    actor: Actor, creation: ContactCreation, compiled: CompiledSchema
) -> DetailsCreation:
    document = _new_document(compiled, creation.details, for_member=actor.is_member)
    username = new_username(creation.username, compiled=compiled, document=document)
    return DetailsCreation(
        uid=uuid.uuid4(),
        compiled=compiled,
        document=document,
        own={
            "contact_type_id": creation.contact_type_id,
            "username": username,
            "username_folded": folded_username(username),
        },
    )


@contextmanager
def _named_violations() -> Iterator[None]:
    """A username that is taken has an error of its own."""
    try:
        yield
    except IntegrityError as error:
        is_username = "username_folded" in (constraint_of(error) or "")
        raise UsernameNotUnique() if is_username else error from None


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
