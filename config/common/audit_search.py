"""Reading the audit log (H3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.common.actors import Actor
from config.common.models import AuditEvent
from config.common.paging import Page, PageRequest, Sort, page_result, page_rows

SORT_FIELDS = {
    "createdate": "created_at",
    "operation": "operation",
    "objecttype": "object_type",
}


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Filters of a search; None means no filter, an empty collection matches nothing (Q2)."""

    page: PageRequest
    sort: Sort
    created_from: datetime | None = None
    created_to: datetime | None = None
    member_uids: Collection[UUID] | None = None
    client_ids: Collection[str] | None = None
    operations: Collection[str] | None = None
    object_types: Collection[str] | None = None
    object_ids: Collection[str] | None = None
    correlation_ids: Collection[str] | None = None


def audit_search(*, actor: Actor, query: AuditQuery) -> Page[AuditEvent]:
    """The events within reach (A2) that match, with who caused them. Two statements whatever the
    page size.
    """
    filters: dict[str, object] = {
        "created_at__gte": query.created_from,
        "created_at__lt": query.created_to,
        "member__uid__in": query.member_uids,
        "app__client_id__in": query.client_ids,
        "operation__in": query.operations,
        "object_type__in": query.object_types,
        "object_id__in": query.object_ids,
        "correlation_id__in": query.correlation_ids,
    }
    asked = {name: value for name, value in filters.items() if value is not None}
    events = AuditEvent.objects.visible_to(actor).filter(**asked)
    ordered = events.order_by(query.sort.order_by, "-id" if query.sort.is_descending else "id")
    offset = query.page.offset
    results = list(page_rows(ordered, offset, query.page.page_size).select_related("member", "app"))
    return page_result(query.page, results, events.count())
