"""The audit log (H3)."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import ApiView, Output, json_answer
from config.common.audit_search import SORT_FIELDS, AuditQuery, audit_search
from config.common.dates import require_order
from config.common.paging import PageRequest, page_result, parse_sort
from contacts.presenters import audit_event_output
from contacts.serializers_privacy import AuditPageOutput, AuditSearchInput


class AuditSearchView(ApiView):
    operations: ClassVar = {"post": "searchAuditEvents"}
    inputs: ClassVar = {"post": AuditSearchInput}
    outputs: ClassVar = {"post": Output(AuditPageOutput)}

    def post(self, request: Request) -> HttpResponse:
        """Search the audit log."""
        query = _query(self.body())
        found = audit_search(actor=self.actor, query=query)
        rows = [audit_event_output(event) for event in found.results]
        return json_answer(page_result(query.page, rows, found.total_count).as_json())


def _query(body: dict[str, Any]) -> AuditQuery:  # Any: by field
    created_from, created_to = body.get("create_date_from"), body.get("create_date_to")
    require_order(created_from, created_to, name="createDate")
    return AuditQuery(
        page=PageRequest.parse(body.get("page"), body.get("page_size")),
        sort=parse_sort(
            body.get("sort_by"), body.get("sort_order"), SORT_FIELDS, latest="created_at"
        ),
        created_from=created_from,
        created_to=created_to,
        member_uids=body.get("member_uids"),
        client_ids=body.get("client_ids"),
        operations=body.get("operations"),
        object_types=body.get("object_types"),
        object_ids=body.get("object_ids"),
        correlation_ids=body.get("correlation_ids"),
    )
