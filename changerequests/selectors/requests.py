"""Change requests within the caller's reach."""

from django.db.models import QuerySet

from changerequests.models import ChangeRequest
from config.common.actors import Actor
from config.common.exceptions import NotFound
from contacts.models import PendingChannel
from contacts.targets import TargetRef
from crmschema.documents import Change


def change_request_list(*, actor: Actor) -> QuerySet[ChangeRequest]:
    """The requests within reach, with the people and the target that every output shows."""
    return ChangeRequest.objects.visible_to(actor).select_related(
        "contact", "legal_entity", "initiator", "reviewer"
    )


def change_request_get(*, ref: TargetRef, request_id: int) -> ChangeRequest:
    """One request of a target that the caller is known to reach. Raises NotFound."""
    request = (
        ChangeRequest.objects.select_related("contact", "legal_entity", "initiator", "reviewer")
        .filter(pk=request_id, **{ref.kind.reference: ref.id})
        .first()
    )
    if request is None:
        raise NotFound
    return request


def change_request_get_for_update(*, ref: TargetRef, request_id: int) -> ChangeRequest:
    """One request of a target, locked until the transaction ends. Raises NotFound."""
    request = (
        ChangeRequest.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=request_id, **{ref.kind.reference: ref.id})
        .first()
    )
    if request is None:
        raise NotFound
    return request


def request_changes(request: ChangeRequest) -> list[Change]:
    """The changes that a request holds."""
    return [Change.from_json(stored) for stored in request.details]


def is_waiting_for_key(*, request: ChangeRequest) -> bool:
    """Whether a value of an approved request waits for its key still (V1). One query."""
    return PendingChannel.objects.filter(change_request_id=request.pk).exists()


def pending_change_request(*, ref: TargetRef) -> ChangeRequest | None:
    """The pending request of a target, if there is one: never more, by a constraint (C3)."""
    return (
        ChangeRequest.objects.select_related("initiator")
        .filter(status=ChangeRequest.Status.PENDING, **{ref.kind.reference: ref.id})
        .first()
    )
