"""The list of the queue: each request with what it changes, a pending one with who may decide."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from changerequests.models import ChangeRequest
from changerequests.selectors.review import asked_fields, request_schemas
from changerequests.selectors.reviewers import reviewers_by_request
from config.common.admin import reader_language
from config.common.admin.base import CountedList
from contacts.models import Member

_LABELS = 2
_EMPTY = {
    "decide": (
        _("Nothing waits for your decision."),
        _("You find here what others ask for, of clients within your reach."),
    ),
    "mine": (
        _("You have asked for nothing."),
        _("You find here your changes that need a second person."),
    ),
}
REVIEWER_COLOURS = {"nobody": "danger", "one": "warning", "some": "default"}


class QueueList(CountedList):
    """A page of requests, each with what it changes, the pending ones with their reviewers. A page
    past the end, as of a list that has been worked off meanwhile, is the last one.
    """

    result_list: Any  # Any: Django's queryset at first, then the rows of the page
    empty_title: object = ""
    empty_text: object = ""

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except IncorrectLookupParameters:
            self.page_num = max(1, -(-self.queryset.count() // self.list_per_page))
            super().get_results(request)
        self.result_list = list(self.result_list)
        if not self.query and set(self.params) == {"view"}:
            self.empty_title, self.empty_text = _EMPTY.get(self.params["view"], ("", ""))
        pending = [each for each in self.result_list if each.is_pending]
        reviewers = reviewers_by_request(pending) if pending else {}
        for each in pending:
            each.reviewers = reviewers[each.pk]  # for `reviewers_label`
        schemas = request_schemas(self.result_list) if self.result_list else {}
        for each in self.result_list:
            each.asked = asked_fields(each, schemas[each.pk], reader_language())  # `asked_label`


class QueueWalk(QueueList):
    """The same requests without a page of them: for whoever walks along the list."""

    def get_results(self, request: HttpRequest) -> None:
        """Nothing is shown."""


def reviewers_label(found: ChangeRequest) -> tuple[str, str] | None:
    """Who may decide a request of a `QueueList`, with its colour; None where nobody has to."""
    reviewers: Sequence[Member] | None = getattr(found, "reviewers", None)
    return None if reviewers is None else _label(reviewers)


def asked_label(found: ChangeRequest) -> str:
    """What a request of a `QueueList` changes: the first labels, and how many more."""
    labels: Sequence[str] = getattr(found, "asked", ())
    more = len(labels) - _LABELS
    shown = ", ".join(labels[:_LABELS])
    return f"{shown} +{more}" if more > 0 else shown


def _label(reviewers: Sequence[Member]) -> tuple[str, str]:
    if not reviewers:
        return "nobody", gettext("Nobody")
    if len(reviewers) == 1:
        return "one", gettext("Only %(name)s") % {"name": reviewers[0].name}
    return "some", str(len(reviewers))
