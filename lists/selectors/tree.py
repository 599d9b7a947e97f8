"""The items of one list as a tree, a page at a time, as the back office shows them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lists.models import ListItem
from lists.selectors.items import list_items_search

PAGE_SIZE = 50
# Of all opened items together; whoever wants more goes to the page of one parent.
MAX_OPEN_ROWS = 150
MAX_PARENTS = 400


@dataclass(frozen=True, slots=True)
class TreeRow:
    """An item at its depth. `child_count` counts its children in the same list."""

    item: ListItem
    depth: int
    child_count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """A page of the top level with what is open below it. `is_cut`: not all that is open shows."""

    page: Page[ListItem]
    rows: list[TreeRow]
    is_cut: bool


def list_tree(
    *, list_id: int, number: str | None, text: str, parent_id: int | None, opened: Collection[int]
) -> Tree:
    """A page of the list's items: those without a parent in the list, with the children of those
    that are open. With a text all that match, with a parent all its children; both flat.

    Three statements for any number of items.
    """
    items = ListItem.objects.filter(list_id=list_id)
    if text or parent_id is not None:
        below = items if parent_id is None else items.filter(parent_id=parent_id)
        top = list_items_search(below, text)
    else:
        top = items.filter(Q(parent=None) | ~Q(parent__list_id=list_id))
    page = Paginator(_counted(top, list_id), PAGE_SIZE).get_page(number)
    opened_rows = list(_counted(items.filter(parent_id__in=opened), list_id)[: MAX_OPEN_ROWS + 1])
    children: dict[int | None, list[ListItem]] = defaultdict(list)
    for item in opened_rows[:MAX_OPEN_ROWS]:
        children[item.parent_id].append(item)
    rows = list(_rows(page, children, 0))
    return Tree(page, rows, len(opened_rows) > MAX_OPEN_ROWS)


def list_parents(list_id: int) -> QuerySet[ListItem]:
    """The items that have children in the list, with their lists: at most 400, to choose from."""
    parents = ListItem.objects.filter(children__list_id=list_id).distinct()
    return parents.select_related("list").order_by("list__key", "position", "key")[:MAX_PARENTS]


def _counted(items: QuerySet[ListItem], list_id: int) -> QuerySet[ListItem]:
    """In the list's order, each with its parent and `child_count`: counted for the rows shown."""
    children = (
        ListItem.objects.filter(parent=OuterRef("pk"), list_id=list_id)
        .order_by()
        .values("parent")
        .annotate(total=Count("pk"))
        .values("total")
    )
    counted = items.annotate(
        child_count=Coalesce(Subquery(children, output_field=IntegerField()), 0)
    )
    return counted.select_related("parent", "parent__list").order_by("position", F("key"))


def _rows(
    items: Collection[ListItem] | Page[ListItem],
    children: Mapping[int | None, list[ListItem]],
    depth: int,
) -> Iterator[TreeRow]:
    for item in items:
        opened = children.get(item.pk, [])
        yield TreeRow(item, depth, getattr(item, "child_count", 0), bool(opened))
        # No item is its own ancestor, so that this ends.
        yield from _rows(opened, children, depth + 1)
