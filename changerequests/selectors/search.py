"""The searches of contacts' change requests; those of legal entities never appear in them (L1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from changerequests.models import ChangeRequest
from config.common.actors import Actor
from config.common.db import planned_each_time
from config.common.paging import Page, PageRequest, Sort, page_result, page_rows
from contacts.selectors.members import reach_of

SORT_FIELDS = {
    "id": "id",
    "statusid": "status",
    "createdate": "created_at",
    "initiatormemberid": "initiator_id",
    "contactid": "contact_id",
    "reviewdate": "reviewed_at",
    "reviewmemberid": "reviewer_id",
}
# So many are sorted in no time, whatever the order.
_RARE = 1_000
_NULLABLE = frozenset({"reviewed_at", "reviewer_id"})
# What a row of a result shows; the values of a request stay where they are.
_SHOWN = (
    "status",
    "created_at",
    "reviewed_at",
    "contact__uid",
    "contact__display_name",
    *(
        f"{person}__{name}"
        for person in ("initiator", "reviewer")
        for name in ("uid", "username", "first_name", "last_name")
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestQuery:
    """Filters of a search; None means no filter, empty means nothing (Q2). People are named by id
    or by uid, as the version of the operation has it.
    """

    page: PageRequest
    sort: Sort
    is_direct: bool = False
    status: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    reviewed_from: datetime | None = None
    reviewed_to: datetime | None = None
    initiator_ids: Collection[int] | None = None
    initiator_uids: Collection[UUID] | None = None
    reviewer_ids: Collection[int] | None = None
    reviewer_uids: Collection[UUID] | None = None
    contact_ids: Collection[int] | None = None
    paths: Collection[str] | None = None


def change_request_search(
    *, actor: Actor, query: RequestQuery, view: Actor | None = None
) -> Page[ChangeRequest]:
    """The requests on contacts within reach, with contact, initiator and reviewer.

    `view` is the member by whose reach is searched, itself at or below the caller (A5); whatever
    it reaches, the caller sees no more than its own. `is_direct` has no effect for apps (Q2).
    Three statements at most, whatever the page size.
    """
    matching = ChangeRequest.objects.filter(
        reach_of(actor=actor, view=view or actor, contact="contact", is_direct=query.is_direct),
        *_conditions(query),
        contact__isnull=False,
    )
    with planned_each_time():
        # The planner knows nothing of rare paths: how many they find decides how to go about it.
        known = matching.count() if query.paths is not None else None
        rows = list(_page(matching, query, is_rare=known is not None and known <= _RARE))
        total = known if known is not None else _total(query.page, len(rows))
        return page_result(query.page, rows, matching.count() if total is None else total)


def _page(
    matching: QuerySet[ChangeRequest], query: RequestQuery, *, is_rare: bool
) -> QuerySet[ChangeRequest]:
    """The rows of the page. Which they are is found from indexes where it can be: rows are wide,
    and only these are read. Of a few that match all are sorted, instead of walking along the order
    until they turn up.
    """
    found = matching.order_by(*_order(query.sort, by_expression=is_rare))
    related = ChangeRequest.objects.select_related("contact", "initiator", "reviewer")
    shown = related.only(*_SHOWN).order_by(*_order(query.sort))
    return page_rows(shown, query.page.offset, query.page.page_size, found=found)


def _total(page: PageRequest, found: int) -> int | None:
    """How many there are in all, where the page itself tells: it is not full, so it is the last."""
    return page.offset + found if 0 < found < page.page_size or not (found or page.page) else None


def _conditions(query: RequestQuery) -> list[Q]:
    wanted = {
        "status": query.status,
        "created_at__gte": query.created_from,
        "created_at__lt": query.created_to,
        "reviewed_at__gte": query.reviewed_from,
        "reviewed_at__lt": query.reviewed_to,
        "initiator__in": query.initiator_ids,
        "initiator__uid__in": query.initiator_uids,
        "reviewer__in": query.reviewer_ids,
        "reviewer__uid__in": query.reviewer_uids,
        "contact__in": query.contact_ids,
        # `paths` of a request hold each path with and without indexes, and all above it (Q1).
        "paths__overlap": query.paths,
    }
    return [Q((lookup, value)) for lookup, value in wanted.items() if value is not None]


def _order(sort: Sort, *, by_expression: bool = False) -> list[OrderBy]:
    """The total order: ties by id. What is missing comes before everything that is there. By an
    expression, no index has the order.
    """
    order = [_by(sort.field, sort.is_descending, by_expression)]
    if sort.field != "id":
        order.append(_by("id", sort.is_descending, by_expression))
    return order


def _by(field: str, is_descending: bool, by_expression: bool) -> OrderBy:
    # Said of a column that is never null it would keep the planner from its index.
    is_nullable = field in _NULLABLE or None
    value = Coalesce(F(field), F(field)) if by_expression else F(field)
    if is_descending:
        return value.desc(nulls_last=is_nullable)
    return value.asc(nulls_first=is_nullable)
