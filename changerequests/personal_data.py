"""Change requests hold values of contacts: what an erasure makes of them (N2, N3)."""

from collections.abc import Sequence

from django.db.models import QuerySet

from changerequests.models import ChangeRequest
from changerequests.services.requests import change_request_end
from config.common.privacy import Erasure, ErasureBusy, Json, PersonalDataStore
from contacts.personal_data.history import schemas_of
from crmschema.documents import emptied_change


def _of(contact_ids: Sequence[int]) -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(contact_id__in=contact_ids).order_by("pk")


def _lock(contact_ids: Sequence[int]) -> None:
    """Requests come before their targets in the order of locks."""
    list(_of(contact_ids).select_for_update(of=("self",), no_key=True).values_list("pk"))


def _erase(erasure: Erasure) -> None:
    schemas = schemas_of(erasure.contact_ids)
    requests = _locked_now(erasure.contact_ids)
    for request in requests:
        if request.is_pending:
            change_request_end(erasure.actor, request, ChangeRequest.Status.CANCELLED)
        schema = schemas[request.contact_id or 0]
        request.details = [emptied_change(schema, change) for change in request.details]
        request.base, request.comment, request.review_comment = {}, "", ""
    ChangeRequest.objects.bulk_update(
        requests, ["details", "base", "comment", "review_comment"], batch_size=500
    )


def _locked_now(contact_ids: Sequence[int]) -> list[ChangeRequest]:
    """All requests, under their locks. One that was made while this erasure waited for the contact
    may be in a decision that waits for the contact in turn: then nobody waits.
    """
    requests = _of(contact_ids)
    locked = list(requests.select_for_update(of=("self",), no_key=True, skip_locked=True))
    if len(locked) < requests.count():
        raise ErasureBusy
    return locked


def _collect(contact_id: int) -> Json:
    requests = _of([contact_id]).select_related("initiator", "reviewer", "app")
    return [
        {
            "id": request.pk,
            "status": request.get_status_display(),
            "createdAt": request.created_at,
            "initiatorUid": request.initiator.uid,
            "app": request.app and request.app.client_id,
            "comment": request.comment or None,
            "reviewerUid": request.reviewer and request.reviewer.uid,
            "reviewedAt": request.reviewed_at,
            "reviewComment": request.review_comment or None,
            "changes": request.details,
            "basedOn": request.base,
        }
        for request in requests
    ]


CHANGE_REQUESTS = PersonalDataStore(
    name="changeRequests",
    columns={
        "changerequests.ChangeRequest": ("details", "base", "comment", "review_comment"),
    },
    kept={"changerequests.ChangeRequest.paths": "Names of fields, never values."},
    keeps=(
        "Who asked for a change of which fields and who decided, when and how; a request that was "
        "pending ends as cancelled."
    ),
    lock=_lock,
    erase=_erase,
    collect=_collect,
)
