"""Pages and sort orders of the searches (rule Q1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from config.common.exceptions import FieldError, fields_error

INT32_MAX = 2**31 - 1

Row = TypeVar("Row")
Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A zero-based page with its effective size."""

    page: int
    page_size: int

    @classmethod
    def parse(cls, page: int | None, page_size: int | None) -> "PageRequest":
        """The effective page of a body's `page` and `pageSize`.

        A missing or null page is 0, a missing, null or zero size is the default. Raises
        BadRequest for negative numbers, a size above the cap and a page outside int32.
        """
        if page is not None and not 0 <= page <= INT32_MAX:
            raise fields_error(FieldError("page", "Range", "page must be 0 or more."))
        if page_size is not None and not 0 <= page_size <= settings.MAX_PAGE_SIZE:
            message = f"pageSize must be between 0 and {settings.MAX_PAGE_SIZE}."
            raise fields_error(FieldError("pageSize", "Range", message))
        return cls(page or 0, page_size or settings.DEFAULT_PAGE_SIZE)

    @property
    def offset(self) -> int:
        """Rows before the page; fits a bigint for every page that `parse` lets through."""
        return self.page * self.page_size


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of results with the values that were effective."""

    results: Sequence[Row]
    page: int
    page_size: int
    total_count: int

    @property
    def page_count(self) -> int:
        """Pages that hold anything; 0 when nothing matched."""
        return -(-self.total_count // self.page_size)

    def as_json(self) -> dict[str, object]:
        """The contract's envelope; `results` must be JSON already."""
        return {
            "results": self.results,
            "page": self.page,
            "pageSize": self.page_size,
            "pageCount": self.page_count,
            "totalCount": self.total_count,
        }


def page_result(request: PageRequest, results: Sequence[Row], total_count: int) -> Page[Row]:
    """The page that answers `request`."""
    return Page(results, request.page, request.page_size, total_count)


def page_rows(
    ordered: QuerySet[Model], offset: int, size: int, *, found: QuerySet[Model] | None = None
) -> QuerySet[Model]:
    """The rows of a page, in their order. Their keys are found first, which an index of the order
    gives alone: a late page of a long list would otherwise read every row before it, and join it.
    With `found` they are found there, among rows of the same model in the same order: then
    `ordered` says what is read of them, and need not say again which they are.
    """
    keys = (ordered if found is None else found).values("pk")
    return ordered.filter(pk__in=keys[offset : offset + size])


@dataclass(frozen=True, slots=True)
class Sort:
    """A field to order by; the selector adds the id, so that the order is total."""

    field: str
    is_descending: bool

    @property
    def order_by(self) -> str:
        """The form that `QuerySet.order_by` takes."""
        return f"-{self.field}" if self.is_descending else self.field


def parse_sort(
    sort_by: str | None,
    sort_order: str | None,
    allowed: Mapping[str, str],
    *,
    latest: str,
) -> Sort:
    """The effective order of a search.

    `allowed` maps the contract's names, in lower case, to fields; the case of `sort_by` does not
    matter. Without it (missing, null or empty) the order is by `latest`, latest first unless
    `sort_order` says otherwise; with it the default is Ascending. Raises BadRequest for an
    unknown name.
    """
    if not sort_by:
        return Sort(latest, sort_order != "Ascending")
    field = allowed.get(sort_by.lower())
    if field is None:
        message = "sortBy names no field that can be sorted by."
        raise fields_error(FieldError("sortBy", "Unknown", message))
    return Sort(field, sort_order == "Descending")
