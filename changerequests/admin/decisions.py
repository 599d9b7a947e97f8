"""One decision from a page, which may send it more than once."""

from changerequests.exceptions import ChangeRequestNotPending
from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import is_decided_as, target_ref
from changerequests.services import Review, change_request_review
from config.common.actors import Actor


def decide(actor: Actor, found: ChangeRequest, review: Review) -> None:
    """Approve or reject a request that the member reads. What the member itself decided that way
    before is done: a second click, or a page that was sent again, is nobody else's decision. Raises
    as `change_request_review` does.
    """
    try:
        change_request_review(
            actor=actor, ref=target_ref(found), request_id=found.pk, review=review
        )
    except ChangeRequestNotPending:
        if not is_decided_as(actor=actor, request=found, is_approved=review.is_approved):
            raise
