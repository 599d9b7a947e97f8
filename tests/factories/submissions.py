"""Submissions, requests and decisions through the services."""

from collections.abc import Mapping
from typing import Any

from changerequests.conflicts import ConflictAnswer, Take
from changerequests.models import ChangeRequest
from changerequests.services import (
    Review,
    Submission,
    SubmissionResult,
    change_request_review,
    details_submit,
)
from config.common.actors import Actor
from contacts.models import ChangeSet, Contact
from contacts.selectors.history import change_set_changes
from contacts.targets import CONTACT, TargetRef
from crmschema.documents import Mode, fold


def ref_of(contact: Contact) -> TargetRef:
    """The contact as services name a target."""
    schema = contact.contact_type.schema
    return TargetRef(CONTACT, contact.pk, schema.pk, schema.key)


def submit(
    actor: Actor, contact: Contact, details: Mapping[str, Any], *, put: bool = False, **options: Any
) -> SubmissionResult:
    """One submission; `options` are members of `Submission`."""
    mode = Mode.PUT if put else Mode.PATCH
    return details_submit(
        actor=actor,
        ref=ref_of(contact),
        submission=Submission(mode=mode, details=details, **options),
        source=ChangeSet.Source.API,
    )


def hold(actor: Actor, contact: Contact, details: Mapping[str, Any]) -> ChangeRequest:
    """The request that a member's submission is held as."""
    return ChangeRequest.objects.get(pk=submit(actor, contact, details).change_request_id)


def decide(
    actor: Actor,
    request: ChangeRequest,
    *,
    is_approved: bool = True,
    conflicts: Mapping[str | tuple[str, str | None], Take] | None = None,
    comment: str | None = None,
) -> ChangeRequest:
    """A reviewer's decision on a request of a contact; conflicts by path, or by path and row id."""
    contact = Contact.objects.get(pk=request.contact_id)
    answers = [
        ConflictAnswer(place, take)
        if isinstance(place, str)
        else ConflictAnswer(place[0], take, place[1])
        for place, take in (conflicts or {}).items()
    ]
    return change_request_review(
        actor=actor,
        ref=ref_of(contact),
        request_id=request.pk,
        review=Review(is_approved=is_approved, comment=comment, conflicts=answers),
    )


def folded(contact: Contact) -> dict[str, Any]:
    """What the contact's history comes to (D11)."""
    document: dict[str, Any] = {}
    for change_set in ChangeSet.objects.filter(contact=contact).order_by("version"):
        document = fold(document, change_set_changes(change_set))
    return document
