"""The list that a page of the queue was opened from: its filters, search, order and page.

They travel in the address, as Django's admin has them travel, so that every tab of a browser has
its own. What arrives there is what anybody may have typed: only what the list itself reads from its
address counts, and the list judges the values.
"""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from changerequests.admin.queue import QueueList, QueueWalk
from changerequests.models import ChangeRequest
from changerequests.selectors.reviewers import REVIEW
from config.common.admin import BackOfficeAdmin, actor_of
from config.common.came_from import LIST_QUERY

_LIST = "changerequests_changerequest_changelist"
_REQUEST = "admin:changerequests_changerequest_change"
# Longer ones hold no filters that somebody chose.
_MOST_CHARACTERS = 1_500
WAITING = "view=decide"


class KeptList(BackOfficeAdmin):
    """Pages that know the list they were opened from, and lead back to it."""

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """What an address takes along; empty where no list is known. Read by the list's links."""
        kept = self._kept(request)
        return "" if kept is None else urlencode({LIST_QUERY: kept})

    def list_address(self, request: HttpRequest) -> str:
        """The list that the page was opened from; where none is known, the reviewer's own."""
        kept = self._kept(request)
        if kept is None and actor_of(request).has_permission(REVIEW):
            kept = WAITING
        return reverse(f"admin:{_LIST}") + (f"?{kept}" if kept else "")

    def request_address(self, request: HttpRequest, request_id: int) -> str:
        """The page of a request, opened from the same list."""
        return reverse(_REQUEST, args=[request_id]) + self._taken_along(request)

    def listed(self, request: HttpRequest) -> QuerySet[ChangeRequest] | None:
        """The requests of the list that the page was opened from, in its order: as the list itself
        finds them. None where no list is known.
        """
        kept = self._kept(request)
        if kept is None:
            return None
        asked = copy(request)
        asked.GET = QueryDict(kept)
        asked.is_walk = True  # type: ignore[attr-defined]  # read by get_changelist below
        found: QuerySet[ChangeRequest] = super().get_changelist_instance(asked).queryset
        return found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QueueList]:  # Any: unused
        return QueueWalk if getattr(request, "is_walk", False) else QueueList

    def changelist_view(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        taken = {"list_query": self._taken_along(request)}
        return super().changelist_view(request, {**(extra_context or {}), **taken})

    def page_context(
        self, request: HttpRequest, original: Model | None
    ) -> dict[str, Any]:  # Any: context
        return {
            **super().page_context(request, original),
            "list_address": self.list_address(request),
            "list_query": self._taken_along(request),
        }

    def _taken_along(self, request: HttpRequest) -> str:
        kept = self.get_preserved_filters(request)
        return f"?{kept}" if kept else ""

    def _kept(self, request: HttpRequest) -> str | None:
        """The list's own address behind the question mark; None where no list is known."""
        match = request.resolver_match
        text = request.GET.get(LIST_QUERY)
        if text is not None:
            asked = QueryDict(text if len(text) <= _MOST_CHARACTERS else "")
        elif match is not None and match.url_name == _LIST:
            # A list without filters is a list, too.
            asked = request.GET or QueryDict("view=")
        else:
            return None
        known = {each.parameter_name for each in self.list_filter}
        known |= {ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR}
        kept = {
            name: value for name, value in asked.items() if name in known and "\x00" not in value
        }
        return urlencode(kept) or None
