"""What a saved schema does to pending requests (C7)."""

from django.db.models import Q, QuerySet

from changerequests.models import ChangeRequest
from changerequests.selectors.requests import request_changes
from changerequests.services.requests import change_request_end
from config.common.actors import Actor
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, row_path
from crmschema.registry import RequestsTouched
from legalentities.documents import LEGAL_ENTITY_SCHEMA


def change_requests_supersede(actor: Actor, compiled: CompiledSchema) -> None:
    """End the pending requests whose path the saved schema no longer has. Called in the save's
    transaction, under the schema's exclusive lock; locks the requests in order of id.
    """
    for request in _pending(compiled.key).select_for_update(of=("self",), no_key=True):
        if _is_superseded(compiled, request):
            change_request_end(actor, request, ChangeRequest.Status.SUPERSEDED)


def change_requests_touched(compiled: CompiledSchema, paths: frozenset[str]) -> RequestsTouched:
    """The pending requests that saving `compiled` would end, and those that change one of `paths`
    (index-free, in the old version or the new). Takes no lock.
    """
    superseded, affected = [], []
    for request in _pending(compiled.key).iterator():
        if _is_superseded(compiled, request):
            superseded.append(request.pk)
        elif any(change.field_path in paths for change in request_changes(request)):
            affected.append(request.pk)
    return RequestsTouched(superseded, affected)


def _pending(key: str) -> QuerySet[ChangeRequest]:
    of_schema = Q(contact__contact_type__schema__key=key)
    if key == LEGAL_ENTITY_SCHEMA:
        of_schema |= Q(legal_entity__isnull=False)
    return ChangeRequest.objects.filter(of_schema, status=ChangeRequest.Status.PENDING).order_by(
        "pk"
    )


def _is_superseded(compiled: CompiledSchema, request: ChangeRequest) -> bool:
    return not all(_is_possible(compiled, change) for change in request_changes(request))


def _is_possible(compiled: CompiledSchema, change: Change) -> bool:
    if change.is_order:
        return change.path in compiled.grids
    row = row_path(change.path)
    if row is not None and row.leaf == "id":
        return row.grid in compiled.grids
    field = compiled.by_path.get(change.field_path)
    return field is not None and field.grid == (row and row.grid)
