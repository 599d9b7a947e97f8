"""The list of the back office that a page was opened from, as the page's address names it."""

from urllib.parse import urlencode

from django.http import HttpRequest

# Django's name for it: the value is what stands in the list's own address behind the question mark.
LIST_QUERY = "_changelist_filters"


def taken_along(request: HttpRequest) -> str:
    """The end of a further address that keeps the list; empty where the page's names none."""
    kept = request.GET.get(LIST_QUERY)
    return f"?{urlencode({LIST_QUERY: kept})}" if kept else ""
