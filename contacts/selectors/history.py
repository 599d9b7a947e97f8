"""The history of one target (H1)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import BooleanField

from config.common.paging import Page, PageRequest, Sort, page_result
from contacts.models import ChangeSet
from contacts.targets import TargetRef
from crmschema.documents import Change, leaves

SORT_FIELDS = {
    "contactchangesetid": "id",
    "executiondate": "executed_at",
    "initiatorpersonid": "member_id",
}

_PATH = re.compile(
    r"[A-Za-z0-9_]+(\[(0|[1-9][0-9]{0,8})\])?(\.[A-Za-z0-9_]+(\[(0|[1-9][0-9]{0,8})\])?)*", re.ASCII
)

# A creation holds the document itself: it has a path when the document has (lax: in any row).
_CREATION_HAS_PATH = """
EXISTS (SELECT 1 FROM unnest(%s::text[]) AS asked (path)
        WHERE jsonb_path_exists("contacts_changeset"."details", asked.path::jsonpath))
"""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Filters of a search; None means no filter, empty means nothing (Q2)."""

    page: PageRequest
    sort: Sort
    member_uids: Collection[UUID] | None = None
    member_ids: Collection[int] | None = None
    executed_from: datetime | None = None
    executed_to: datetime | None = None
    paths: Sequence[str] | None = None


def history_search(*, ref: TargetRef, query: HistoryQuery) -> Page[ChangeSet]:
    """The change sets of a target that the caller is known to reach, with who made them.

    Two statements whatever the page size.
    """
    change_sets = history_list(ref=ref)
    if query.member_uids is not None:
        change_sets = change_sets.filter(member__uid__in=query.member_uids)
    if query.member_ids is not None:
        change_sets = change_sets.filter(member_id__in=query.member_ids)
    if query.executed_from is not None:
        change_sets = change_sets.filter(executed_at__gte=query.executed_from)
    if query.executed_to is not None:
        change_sets = change_sets.filter(executed_at__lt=query.executed_to)
    if query.paths is not None:
        change_sets = change_sets.filter(_touches(query.paths))
    ordered = change_sets.order_by(query.sort.order_by, "-id" if query.sort.is_descending else "id")
    offset = query.page.offset
    results = list(ordered[offset : offset + query.page.page_size])
    return page_result(query.page, results, change_sets.count())


def history_list(*, ref: TargetRef) -> QuerySet[ChangeSet]:
    """All change sets of a target, with the people and the app that outputs show."""
    return ChangeSet.objects.filter(**{ref.kind.reference: ref.id}).select_related(
        "member", "app", "reviewer"
    )


def change_set_changes(change_set: ChangeSet) -> list[Change]:
    """The changed leaves of a change set; those of a creation are its document's (D11)."""
    if change_set.kind == ChangeSet.Kind.CREATION:
        return leaves(change_set.details)
    return [Change.from_json(stored) for stored in change_set.details]


def _touches(paths: Sequence[str]) -> Q:
    """Change sets that change one of the paths or anything below it. What is no path of details
    matches nothing.
    """
    known = [path for path in paths if _PATH.fullmatch(path)]
    in_creation = RawSQL(  # noqa: S611 - a constant; the paths are a parameter
        _CREATION_HAS_PATH, [[_json_path(path) for path in known]], output_field=BooleanField()
    )
    return Q(kind=ChangeSet.Kind.CHANGE, paths__overlap=known) | (
        Q(kind=ChangeSet.Kind.CREATION) & Q(in_creation)
    )


def _json_path(path: str) -> str:
    """The SQL/JSON path of a path of details; its keys are quoted."""
    steps = re.sub(r"[A-Za-z0-9_]+(?=\[|\.|$)", lambda key: f'"{key[0]}"', path)
    return f"$.{steps}"
