"""The queue and the page of one change request (C4-C6, C8)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from changerequests.admin.bulk import BulkReview
from changerequests.admin.decisions import decide
from changerequests.admin.filters import (
    AgeFilter,
    InitiatorFilter,
    MineFilter,
    PathFilter,
    StatusFilter,
)
from changerequests.admin.forms import (
    MOST_CHOICES,
    TAKE_ALL,
    DecisionForm,
    answers_of,
    answers_to_all,
)
from changerequests.admin.notices import email_languages, notices_set
from changerequests.admin.origin import WAITING
from changerequests.admin.parts import surroundings, what_follows, with_choices
from changerequests.admin.problems import problems_of
from changerequests.admin.queue import REVIEWER_COLOURS, QueueList, asked_label, reviewers_label
from changerequests.conflicts import ConflictAnswer
from changerequests.exceptions import ChangeRequestNotPending, NotInitiator, OwnChangeRequest
from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import (
    queue,
    request_get,
    target_ref,
)
from changerequests.selectors.requests import is_waiting_for_key
from changerequests.selectors.review import RequestReview, request_review
from changerequests.selectors.reviewers import REVIEW, VIEW_CONTACT, VIEW_LEGAL_ENTITY
from changerequests.services import Review, change_request_cancel
from changerequests.statuses import status_name
from config.common.admin import actor_of, page, reader_language, refusal_text, refuse
from config.common.exceptions import DomainError, ErrorKind, Forbidden
from config.common.text import fold
from config.common.typed import search_words, serial_or_none
from crmschema.selectors import compiled

Status = ChangeRequest.Status
_CHANGELIST = "admin:changerequests_changerequest_changelist"
STATUS_COLOURS = {
    "PENDING": "warning",
    "APPROVED": "success",
    "REJECTED": "danger",
    "CANCELLED": "default",
    "SUPERSEDED": "default",
}


@admin.register(ChangeRequest)
class ChangeRequestAdmin(BulkReview):
    """The requests within reach. Their state moves by decisions and cancelling only (AD-04)."""

    plural = _("Change requests")
    list_display = (
        "target",
        "id",
        "asks_for",
        "status_label",
        "asked_by",
        "requested_on",
        "who_decides",
        "decided_by",
    )
    list_display_links = ("target",)
    list_filter = (MineFilter, StatusFilter, AgeFilter, InitiatorFilter, PathFilter)
    actions = ("approve_selected", "reject_selected")
    ordering = ("-pk",)
    list_before_template = "admin/changerequests/changerequest/queue.html"
    search_fields = ("comment",)
    search_help_text = _("Name of the client, number of the request or login")

    def has_view_permission(self, request: HttpRequest, obj: ChangeRequest | None = None) -> bool:
        actor = actor_of(request)
        readable = (VIEW_CONTACT, VIEW_LEGAL_ENTITY)
        return any(actor.has_permission(permission) for permission in readable)

    def has_change_permission(self, request: HttpRequest, obj: ChangeRequest | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChangeRequest]:
        return queue(actor=actor_of(request)).order_by(*self.get_ordering(request))

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        """What waits for the reader is pending, and nobody has decided it."""
        if not self._is_work(request):
            return self.list_display
        return [name for name in self.list_display if name not in ("status_label", "decided_by")]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits for the reader is worked off as it came in, all else is read latest first."""
        return ("created_at", "pk") if self._is_work(request) else self.ordering

    def _is_work(self, request: HttpRequest) -> bool:
        return request.GET.get(MineFilter.parameter_name) == "decide"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest], search_term: str
    ) -> tuple[QuerySet[ChangeRequest], bool]:
        for word in search_words(fold(search_term)):
            found = (
                Q(contact__display_name_folded__contains=word)
                | Q(legal_entity__display_name_folded__contains=word)
                | Q(initiator__username__iexact=word)
            )
            serial = serial_or_none(word)
            if serial is not None:
                found |= Q(pk=serial)
            queryset = queryset.filter(found)
        return queryset, False

    @display(description=_("Client"))
    def target(self, obj: ChangeRequest) -> str:
        return str(obj.contact or obj.legal_entity)

    @display(description=_("Changes"))
    def asks_for(self, obj: ChangeRequest) -> str:
        return asked_label(obj)

    @display(description=_("Requested by"), ordering="initiator__username")
    def asked_by(self, obj: ChangeRequest) -> str:
        return obj.initiator.name

    @display(description=_("Who may decide"), label=REVIEWER_COLOURS)
    def who_decides(self, obj: ChangeRequest) -> tuple[str, str] | None:
        return reviewers_label(obj)

    @display(description=_("Decided by"), ordering="reviewer__username")
    def decided_by(self, obj: ChangeRequest) -> str | None:
        return obj.reviewer.name if obj.reviewer is not None else None

    @display(description=_("Requested on"), ordering="created_at")
    def requested_on(self, obj: ChangeRequest) -> datetime:
        return obj.created_at

    @display(description=_("Status"), ordering="status", label=STATUS_COLOURS)
    def status_label(self, obj: ChangeRequest) -> tuple[str, str]:
        return Status(obj.status).name, status_name(obj.status, reader_language())

    def get_changelist_instance(self, request: HttpRequest) -> QueueList:
        """The list; what its address asks for in vain is said."""
        found: QueueList = super().get_changelist_instance(request)
        for each in found.filter_specs if request.method == "GET" else ():
            if each.is_ignored:
                messages.warning(request, each.ignored_text)
        return found

    def changelist_view(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        context = {**(extra_context or {}), "email_languages": email_languages()}
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "bulk/",
                wrap(page(self.bulk_view, "POST")),
                name="changerequests_changerequest_bulk",
            ),
            path(
                "notices/",
                wrap(page(self.notices_view, "POST")),
                name="changerequests_changerequest_notices",
            ),
            path(
                "<int:object_id>/review/",
                wrap(page(self.review_view, "POST")),
                name="changerequests_changerequest_review",
            ),
            path(
                "<int:object_id>/cancel/",
                wrap(page(self.cancel_view, "POST")),
                name="changerequests_changerequest_cancel",
            ),
            *super().get_urls(),
        ]

    def notices_view(self, request: HttpRequest) -> HttpResponse:
        """Switch the reader's own emails; back to the list that it was done from."""
        return notices_set(request, self.list_address(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,  # Any: Django's signature
    ) -> HttpResponse:
        return page(self._request_view, "GET", "HEAD")(request, object_id)

    def review_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Approve or reject; afterwards the next request that waits for the reader."""
        actor, found = actor_of(request), self._reached(request, object_id)
        if not actor.has_permission(REVIEW):
            raise Forbidden
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self._answer(request, found, form, status=400)
        review = form.review(self._answers(request, found), reader_language())
        try:
            decide(actor, found, review)
        except (OwnChangeRequest, ChangeRequestNotPending) as error:
            refuse(request, error)
            return redirect(self.request_address(request, found.pk))
        except DomainError as error:
            return self._refused(request, found, form, error)
        _report(request, found, review)
        return self._on(request, found)

    def _answers(self, request: HttpRequest, found: ChangeRequest) -> list[ConflictAnswer]:
        """What the form says about the conflicts: about each, or once about all of them."""
        if TAKE_ALL in request.POST:
            return answers_to_all(request.POST, _comparison(found))
        return answers_of(request.POST)

    def _on(self, request: HttpRequest, found: ChangeRequest) -> HttpResponse:
        """The next request of the list that this one was opened from; at its end the list."""
        ahead = what_follows(actor_of(request), found, self.listed(request))
        if ahead["following"] is not None:
            return redirect(self.request_address(request, ahead["following"].pk))
        if ahead["is_end_of_list"]:
            messages.info(request, _end_of_list())
        return redirect(self.list_address(request))

    def cancel_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Withdraw one's own request."""
        found = self._reached(request, object_id)
        try:
            change_request_cancel(
                actor=actor_of(request), ref=target_ref(found), request_id=found.pk
            )
        except (NotInitiator, ChangeRequestNotPending) as error:
            refuse(request, error)
        else:
            messages.success(request, gettext("The request was cancelled."))
        return redirect(self.request_address(request, found.pk))

    def _request_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._answer(request, self._reached(request, object_id), DecisionForm())

    def _reached(self, request: HttpRequest, object_id: str | int) -> ChangeRequest:
        number = serial_or_none(str(object_id)) or 0
        return request_get(actor=actor_of(request), request_id=number)

    def _refused(
        self, request: HttpRequest, found: ChangeRequest, form: DecisionForm, error: DomainError
    ) -> HttpResponse:
        """The page again, with what the service said and all that was typed; failures go on."""
        if error.kind is ErrorKind.GENERAL:
            raise error
        problems = problems_of(found, error, reader_language())
        # What stands against it may have come after the request was read.
        found = self._reached(request, found.pk)
        return self._answer(
            request, found, form, status=error.kind.status, refusal=error, problems=problems
        )

    def _answer(
        self,
        request: HttpRequest,
        found: ChangeRequest,
        form: DecisionForm,
        *,
        status: int = 200,
        refusal: DomainError | None = None,
        problems: list[str] | None = None,
    ) -> HttpResponse:
        title = gettext("Change request %(number)s") % {"number": found.pk}
        request.object_title = title  # type: ignore[attr-defined]  # the theme's title takes it
        review = _comparison(found)
        context = {
            **self.page_context(request, found),
            "title": title,
            "request_": found,
            "review": review,
            "plain_count": len(review.plain_rows),
            "rows": with_choices(review, answers_of(request.POST)),
            "is_one_choice": review.conflict_count > MOST_CHOICES,
            "form": form,
            "refusal": refusal_text(refusal) if refusal else None,
            "problems": problems or [],
            "status_name": status_name(found.status, reader_language()),
            "status_key": Status(found.status).name.lower(),
            **surroundings(actor_of(request), found, self.listed(request)),
        }
        template = "admin/changerequests/changerequest/review.html"
        return TemplateResponse(request, template, context, status=status)


def _comparison(found: ChangeRequest) -> RequestReview:
    schema = compiled(target_ref(found).schema_key)
    return request_review(request=found, schema=schema, language=reader_language())


def _end_of_list() -> str:
    """What is said when nothing more of a filtered list waits, but something else does."""
    text = gettext("Nothing else of this list waits for your decision.")
    address = f"{reverse(_CHANGELIST)}?{WAITING}"
    link = '{} <a class="bo-underlined" href="{}">{}</a>'
    return format_html(link, text, address, gettext("The whole queue"))


def _report(request: HttpRequest, found: ChangeRequest, review: Review) -> None:
    target = str(found.contact or found.legal_entity)
    if review.is_approved:
        text = gettext("Approved: the change of %(target)s is in effect.")
        if is_waiting_for_key(request=found):
            text = gettext(
                "Approved: the new email or mobile of %(target)s takes effect once it is confirmed."
            )
    else:
        text = gettext("Rejected: nothing was changed for %(target)s.")
    messages.success(request, text % {"target": target})
