"""Answers of the change request operations as JSON values. Shapes: `changerequests.serializers`."""

from collections.abc import Callable
from typing import Any

from changerequests.models import ChangeRequest
from changerequests.rendering import request_details
from changerequests.statuses import STATUS_NAMES, status_name
from contacts.models import Member
from contacts.presenters import member_output
from contacts.selectors.access import ReachedContact
from crmschema.compiler.model import CompiledSchema

Shown = dict[str, Any]  # Any: JSON values
MemberForm = Callable[[Member | None], Shown | None]


def member_by_u_id(member: Member | None) -> Shown | None:
    """A member under the spelling that single change requests have: `uId`."""
    return None if member is None else {"uId": member.uid, "name": member.name}


def change_request_output(
    compiled: CompiledSchema,
    contact: ReachedContact,
    request: ChangeRequest,
    language: str,
    member_form: MemberForm = member_by_u_id,
) -> Shown:
    """One request of a contact, its changes in the order of the schema's fields."""
    return {
        "id": request.pk,
        "uId": request.uid,
        "contact": {"id": contact.id, "uId": contact.uid, "name": contact.display_name},
        "status": {"id": request.status, "name": status_name(request.status, language)},
        "createDate": request.created_at,
        "initiatorMember": member_form(request.initiator),
        "initiatorComment": request.comment or None,
        "reviewDate": request.reviewed_at,
        "reviewMember": member_form(request.reviewer),
        "reviewComment": request.review_comment or None,
        "details": request_details(compiled, request, language),
    }


def request_row_output(
    request: ChangeRequest, language: str, member_form: MemberForm = member_output
) -> Shown:
    """A request of a contact as a row of a page; expects contact and people to be loaded."""
    contact = request.contact
    return {
        "id": request.pk,
        "contact": contact and {"id": contact.pk, "uId": contact.uid, "name": contact.display_name},
        "status": {"id": request.status, "name": status_name(request.status, language)},
        "createDate": request.created_at,
        "initiatorMember": member_form(request.initiator),
        "reviewDate": request.reviewed_at,
        "reviewMember": member_form(request.reviewer),
    }


def pending_output(request: ChangeRequest | None, member_form: MemberForm = member_output) -> Shown:
    """Whether a request is pending, and which."""
    shown = None
    if request is not None:
        shown = {
            "id": request.pk,
            "initiatorMember": member_form(request.initiator),
            "createdDate": request.created_at,
        }
    return {"hasPendingChangeRequest": request is not None, "changeRequest": shown}


def statuses_output(language: str) -> Shown:
    """All statuses by id."""
    names = STATUS_NAMES[language]
    return {"changeRequestStatuses": [{"id": key, "name": names[key]} for key in sorted(names)]}
