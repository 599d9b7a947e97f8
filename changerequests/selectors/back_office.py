"""The review queue of the back office, and a request as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from changerequests.models import ChangeRequest
from changerequests.selectors.requests import change_request_list
from changerequests.selectors.reviewers import decidable_by, readable_by
from config.common.actors import Actor
from config.common.exceptions import NotFound
from config.common.models import AuditEvent
from contacts.models import Contact
from contacts.selectors.back_office import MAX_SERIAL, contact_ref
from contacts.targets import LEGAL_ENTITY, TargetRef
from crmschema.models import CrmSchema

LEGAL_ENTITY_SCHEMA = "legalentity"


def queue(*, actor: Actor) -> QuerySet[ChangeRequest]:
    """The requests that the member may read (A1, A2): of contacts, of legal entities, or both."""
    return change_request_list(actor=actor).filter(readable_by(actor))


def queue_decidable(*, actor: Actor) -> QuerySet[ChangeRequest]:
    """The pending requests that the member may decide (C4): with the permission, within reach, and
    somebody else's. First come first.
    """
    decidable = change_request_list(actor=actor).filter(decidable_by(actor))
    return decidable.order_by("created_at", "id")


def queue_own(*, actor: Actor) -> QuerySet[ChangeRequest]:
    """The requests that the member made and still reaches, latest first."""
    return queue(actor=actor).filter(initiator_id=actor.member_id).order_by("-id")


def queue_next(
    *, actor: Actor, after: ChangeRequest, listed: QuerySet[ChangeRequest] | None = None
) -> ChangeRequest | None:
    """The request to decide after this one: the next that came in, else the first of all. Of
    `listed`, where given, and in its order; expects what is listed to be within reach. The request
    itself need not be among them any more.
    """
    waiting = queue_decidable(actor=actor)
    if listed is not None:
        waiting = listed.filter(decidable_by(actor))
    others = waiting.exclude(pk=after.pk)
    return others.filter(_behind(after, waiting)).first() or others.first()


def _behind(after: ChangeRequest, waiting: QuerySet[ChangeRequest]) -> Q:
    """The condition that a waiting request comes later in the order of `waiting`. Whatever else
    that is ordered by is the same for all that wait: their status, and that nobody has decided.
    """
    place = {
        "pk": after.pk,
        "id": after.pk,
        "created_at": after.created_at,
        "initiator__username": after.initiator.username,
    }
    behind, level = Q(pk__in=()), Q()
    for name in map(str, waiting.query.order_by):
        field = name.removeprefix("-")
        if field in place:
            lookup = f"{field}__lt" if name.startswith("-") else f"{field}__gt"
            behind |= level & Q((lookup, place[field]))
            level &= Q((field, place[field]))
    return behind


def request_get(*, actor: Actor, request_id: int) -> ChangeRequest:
    """A request that the member may read, with its target and what the target's page needs.

    Raises NotFound, out of reach too (A2).
    """
    requests = (
        queue(actor=actor)
        .select_related("contact__contact_type__schema", "app")
        .prefetch_related("contact__assignments__member")
    )
    found = requests.filter(pk=request_id).first() if 0 < request_id <= MAX_SERIAL else None
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended that nobody decided: who ended it, None for the system, and when."""

    by: str | None
    at: datetime


def ending_of(request: ChangeRequest) -> Ending | None:
    """The end of a request that was cancelled or superseded, as its audit event has it (H3): to be
    read by everyone who reads the request. One query.
    """
    events = AuditEvent.objects.filter(
        object_type="changeRequest",
        object_id=str(request.pk),
        operation__in=("changeRequestCancelled", "changeRequestSuperseded"),
    )
    event = events.select_related("member", "app").order_by("-id").first()
    if event is None:
        return None
    by = event.member.name if event.member is not None else event.app and event.app.name
    return Ending(by or None, event.created_at)


def is_decided_as(*, actor: Actor, request: ChangeRequest, is_approved: bool) -> bool:
    """Whether the member itself has decided the request, and that way. Reads it again."""
    status = ChangeRequest.Status.APPROVED if is_approved else ChangeRequest.Status.REJECTED
    decided = ChangeRequest.objects.filter(pk=request.pk, status=status)
    return decided.filter(reviewer_id=actor.member_id).exists()


def target_ref(request: ChangeRequest) -> TargetRef:
    """The request's target as services name it."""
    if request.contact is not None:
        return contact_ref(request.contact)
    schema = CrmSchema.objects.only("pk", "key").get(key=LEGAL_ENTITY_SCHEMA)
    return TargetRef(LEGAL_ENTITY, request.legal_entity_id or 0, schema.pk, schema.key)


def with_pending_flag(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """The contacts, each with `has_pending_request`."""
    pending = ChangeRequest.objects.filter(
        contact=OuterRef("pk"), status=ChangeRequest.Status.PENDING
    )
    return contacts.annotate(has_pending_request=Exists(pending))
