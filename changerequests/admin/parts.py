"""What stands on the page of a request beside its comparison, as values of its template."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from changerequests.admin.problems import ending_reason
from changerequests.conflicts import ConflictAnswer, Take
from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import ending_of, queue_next, target_ref
from changerequests.selectors.requests import is_waiting_for_key
from changerequests.selectors.review import RequestReview, ReviewRow
from changerequests.selectors.reviewers import may_decide, reviewers_by_request
from config.common.actors import Actor
from config.common.admin import reader_language
from contacts.admin.timeline import SOURCES, author
from contacts.selectors.history import history_list
from lists.labels import label_in

Status = ChangeRequest.Status
_LATEST = 4


def surroundings(
    actor: Actor, found: ChangeRequest, listed: QuerySet[ChangeRequest] | None
) -> dict[str, Any]:  # Any: as below
    """All of it but the comparison: the client, the reader's rights, what happened around, and what
    comes next in the list that the request was opened from.
    """
    return {
        **_client(found),
        **_rights(actor, found),
        **_around(found),
        **what_follows(actor, found, listed),
        **_end(found),
    }


def with_choices(
    review: RequestReview, answers: Iterable[ConflictAnswer]
) -> list[dict[str, ReviewRow | Take | None]]:
    """The rows, each with what the reader has already chosen for its conflict, as long as today's
    value is the one that the reader saw.
    """
    takes = {(answer.row_id, answer.path, answer.seen): answer.take for answer in answers}
    return [{"row": row, "choice": _choice(row, takes)} for row in review.rows]


def _choice(
    row: ReviewRow, takes: Mapping[tuple[str | None, str, str | None], Take]
) -> Take | None:
    conflict = row.conflict
    if conflict is None:
        return None
    return takes.get((conflict.row_id, conflict.path, conflict.current_digest))


def _client(found: ChangeRequest) -> dict[str, Any]:  # Any: values of the template
    """Whom the request is about."""
    if found.contact is None:
        return {"target": found.legal_entity, "type_label": gettext("Legal entity")}
    kind = found.contact.contact_type
    return {
        "target": found.contact,
        "type_label": label_in(kind.labels, reader_language()) or kind.key,
        "advisers": [assignment.member for assignment in found.contact.assignments.all()],
    }


def _rights(actor: Actor, found: ChangeRequest) -> dict[str, bool]:
    """What the reader may do; the services decide again (A6)."""
    is_own = found.initiator_id == actor.member_id
    return {
        "can_cancel": is_own and found.is_pending,
        "can_decide": may_decide(actor=actor, request=found),
    }


def _around(found: ChangeRequest) -> dict[str, Any]:  # Any: values of the template
    """What else a reader wants to see: the target's latest changes, and who else may decide."""
    changes = history_list(ref=target_ref(found)).order_by("-executed_at", "-id")[:_LATEST]
    reviewers = reviewers_by_request([found])[found.pk] if found.is_pending else []
    return {
        "changes": [
            {"set": each, "who": author(each), "source": SOURCES[each.source]} for each in changes
        ],
        "reviewers": reviewers,
    }


def what_follows(
    actor: Actor, found: ChangeRequest, listed: QuerySet[ChangeRequest] | None
) -> dict[str, Any]:  # Any: values of the template
    """The next request of the list; at its end, whether anything else of the queue waits."""
    following = queue_next(actor=actor, after=found, listed=listed)
    is_end = following is None and listed is not None
    return {
        "following": following,
        "is_end_of_list": is_end and queue_next(actor=actor, after=found) is not None,
    }


def _end(found: ChangeRequest) -> dict[str, Any]:  # Any: values of the template
    """How a request ended that is not pending any more, and what its approval left waiting."""
    is_undecided = found.status in (Status.CANCELLED, Status.SUPERSEDED)
    return {
        "ending": ending_of(found) if is_undecided else None,
        "reason": ending_reason(found),
        "is_waiting": found.status == Status.APPROVED and is_waiting_for_key(request=found),
    }
