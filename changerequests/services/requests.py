"""Ending a change request without applying it."""

from django.utils import timezone

from changerequests.exceptions import ChangeRequestNotPending, NotInitiator
from changerequests.models import ChangeRequest
from changerequests.selectors.requests import change_request_get_for_update
from changerequests.services.notices import decision_notify
from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from contacts.targets import TargetRef


@atomic()
def change_request_cancel(*, actor: Actor, ref: TargetRef, request_id: int) -> ChangeRequest:
    """Cancel a pending request of a target that the caller is known to reach (C4, C9).

    Locks the request. Raises NotFound, NotInitiator, ChangeRequestNotPending.
    """
    request = change_request_get_for_update(ref=ref, request_id=request_id)
    if actor.member_id is None or request.initiator_id != actor.member_id:
        raise NotInitiator
    change_request_end(actor, request, ChangeRequest.Status.CANCELLED)
    return request


def change_request_end(
    actor: Actor, request: ChangeRequest, status: ChangeRequest.Status, comment: str | None = None
) -> None:
    """Move a locked request on, with its audit event (H3) and an email to its initiator. Raises
    ChangeRequestNotPending (C5).

    Who reviewed is written for a decision; a cancelled or superseded request has no reviewer.
    """
    if not request.is_pending:
        raise ChangeRequestNotPending(properties={"changeRequestId": request.pk})
    request.status = status
    request.review_comment = comment or ""
    if status in (ChangeRequest.Status.APPROVED, ChangeRequest.Status.REJECTED):
        request.reviewer_id = actor.member_id
        request.reviewed_at = timezone.now()
    request.save(update_fields=["status", "review_comment", "reviewer_id", "reviewed_at"])
    audit_record(
        actor=actor,
        operation=f"changeRequest{status.name.title()}",
        object_type="changeRequest",
        object_id=request.pk,
        fields=[change["path"] for change in request.details],
        # What a person writes may name the client; the system's own words do not.
        reason=comment if actor.is_system else None,
    )
    decision_notify(actor, request, status.name.lower())
