"""Emails about change requests: to those who may decide, and to the one who asked.

They are written to the outbox in the transaction of what they tell of. Whether a member gets any is
its own switch (`Member.is_notified`).
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from changerequests.messages import REQUEST_DECIDED, REQUEST_MADE
from changerequests.models import ChangeRequest
from changerequests.selectors.requests import is_waiting_for_key
from changerequests.selectors.reviewers import reviewers_of
from config.common.actors import Actor
from config.common.db import atomic
from config.common.outbox import (
    Channel,
    Message,
    MessageTemplate,
    outbox_add_many,
    outbox_cancel_about,
)
from contacts.models import Member

# So many requests in one run of the task; the next run goes on.
BATCH = 200


def reviewers_notify() -> int:
    """Tell of each new request those who may decide it: one email per request and reviewer.

    Each request in a transaction of its own, which takes its row and skips those that others hold;
    a request that was decided meanwhile is nobody's news. Returns how many were told of. Any number
    of workers may do so at once, and a run that is killed is made up for by the next.
    """
    for told in range(BATCH):
        if not _notify_of_next():
            return told
    return BATCH


def members_write(
    request: ChangeRequest,
    members: QuerySet[Member],
    template: MessageTemplate,
    parameters: Mapping[str, Any],  # Any: JSON values
) -> None:
    """Write an email about a request to those of `members` who want any and have an address, each
    in its own language.

    Expects the transaction of what it tells of.
    """
    wanted = members.filter(is_notified=True).exclude(email="")
    shown = {"number": request.pk, "link": _link(request), **parameters}
    outbox_add_many(
        Message(
            kind=template.kind,
            channel=Channel.EMAIL,
            recipient=email,
            language=language or None,
            parameters=shown,
            contact_id=request.contact_id,
            about=_about(request),
        )
        for email, language in wanted.values_list("email", "language")
    )


def decision_notify(actor: Actor, request: ChangeRequest, outcome: str) -> None:
    """Tell the initiator how its request ended, unless it ended it itself; what was still to be
    sent to reviewers is not news any more. Of an approval whose new email or mobile waits for its
    key that is said. Expects the decision's transaction.
    """
    outbox_cancel_about(_about(request))
    if actor.member_id != request.initiator_id:
        initiator = Member.objects.filter(pk=request.initiator_id, is_active=True)
        if outcome == "approved" and is_waiting_for_key(request=request):
            outcome = "approvedAndWaiting"
        members_write(request, initiator, REQUEST_DECIDED, {"outcome": outcome})


@atomic()
def _notify_of_next() -> bool:
    request = (
        ChangeRequest.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("initiator")
        .filter(status=ChangeRequest.Status.PENDING, notified_at__isnull=True)
        .order_by("pk")
        .first()
    )
    if request is None:
        return False
    parameters = {"initiator": request.initiator.name}
    members_write(request, reviewers_of(request), REQUEST_MADE, parameters)
    request.notified_at = timezone.now()
    request.save(update_fields=["notified_at"])
    return True


def _about(request: ChangeRequest) -> str:
    return f"changeRequest:{request.pk}"


def _link(request: ChangeRequest) -> str:
    """The request's page; empty where nobody has said at which address the product is reached."""
    if not settings.PUBLIC_URL:
        return ""
    path = reverse("admin:changerequests_changerequest_change", args=[request.pk])
    return f"{settings.PUBLIC_URL}{path}"
