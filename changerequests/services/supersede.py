"""What a saved schema does to pending requests (C7)."""

from django.db.models import Q

from changerequests.models import ChangeRequest
from changerequests.services.requests import change_request_end
from changerequests.services.review import request_changes
from config.common.actors import Actor
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, row_path

LEGAL_ENTITY_SCHEMA = "legalentity"


def change_requests_supersede(actor: Actor, compiled: CompiledSchema) -> None:
    """End the pending requests whose path the saved schema no longer has. Called in the save's
    transaction, under the schema's exclusive lock; locks the requests in order of id.
    """
    of_schema = Q(contact__contact_type__schema__key=compiled.key)
    if compiled.key == LEGAL_ENTITY_SCHEMA:
        of_schema |= Q(legal_entity__isnull=False)
    pending = (
        ChangeRequest.objects.select_for_update(of=("self",), no_key=True)
        .filter(of_schema, status=ChangeRequest.Status.PENDING)
        .order_by("pk")
    )
    for request in pending:
        if not all(_is_possible(compiled, change) for change in request_changes(request)):
            change_request_end(actor, request, ChangeRequest.Status.SUPERSEDED)


def _is_possible(compiled: CompiledSchema, change: Change) -> bool:
    if change.is_order:
        return change.path in compiled.grids
    row = row_path(change.path)
    if row is not None and row.leaf == "id":
        return row.grid in compiled.grids
    field = compiled.by_path.get(change.field_path)
    return field is not None and field.grid == (row and row.grid)
