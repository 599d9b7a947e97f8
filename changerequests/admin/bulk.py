"""Deciding many requests at once: each on its own, with a result for each (C4-C6, C8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from changerequests.admin.briefs import brief
from changerequests.admin.decisions import decide
from changerequests.admin.forms import APPROVE, REJECT, DecisionForm
from changerequests.admin.origin import KeptList
from changerequests.admin.problems import problems_of
from changerequests.models import ChangeRequest
from changerequests.selectors.back_office import request_get
from changerequests.selectors.review import request_review, request_schemas
from changerequests.selectors.reviewers import REVIEW
from changerequests.services import Review
from changerequests.statuses import status_name
from config.common.admin import BackOfficeAdmin, actor_of, reader_language, refusal_text
from config.common.exceptions import DomainError, ErrorKind, Forbidden, NotFound
from config.common.typed import serial_or_none

# As many as a list shows on one page.
MOST = BackOfficeAdmin.list_max_show_all


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one request. `refusal` is None where it was decided."""

    request_id: int
    target: str
    status: str
    status_key: str
    refusal: str | None
    problems: Sequence[str] = ()


def decide_each(http: HttpRequest, request_ids: Sequence[int], review: Review) -> list[BulkResult]:
    """Decide each request in a transaction of its own: what one refuses stops no other. Everything
    is refused that the page of the request refuses.
    """
    return [_decide(http, request_id, review) for request_id in request_ids]


def _decide(http: HttpRequest, request_id: int, review: Review) -> BulkResult:
    actor = actor_of(http)
    try:
        found = request_get(actor=actor, request_id=request_id)
    except NotFound:
        text = gettext("There is no such request within your reach.")
        return BulkResult(request_id, "", "", "", text)
    try:
        decide(actor, found, review)
    except DomainError as error:
        if error.kind is ErrorKind.GENERAL:
            raise
        problems = problems_of(found, error, review.language)
        return _result(found, review, refusal_text(error), problems)
    return _result(found, review, None)


def _result(
    found: ChangeRequest, review: Review, refusal: str | None, problems: Sequence[str] = ()
) -> BulkResult:
    # What was read before the decision may be out of date by now, the client's name too.
    now = ChangeRequest.objects.select_related("contact", "legal_entity").get(pk=found.pk)
    return BulkResult(
        request_id=now.pk,
        target=str(now.contact or now.legal_entity),
        status=status_name(now.status, review.language),
        status_key=ChangeRequest.Status(now.status).name.lower(),
        refusal=refusal,
        problems=problems,
    )


class BulkReview(KeptList):
    """Actions of the list: they ask once more, then decide."""

    @admin.action(description=_("Approve…"), permissions=["review"])
    def approve_selected(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> HttpResponse:
        return self._confirm(request, queryset, APPROVE)

    @admin.action(description=_("Reject…"), permissions=["review"])
    def reject_selected(
        self, request: HttpRequest, queryset: QuerySet[ChangeRequest]
    ) -> HttpResponse:
        return self._confirm(request, queryset, REJECT)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).has_permission(REVIEW)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Decide the requests that were confirmed; the page says for each what became of it."""
        if not actor_of(request).has_permission(REVIEW):
            raise Forbidden
        form = DecisionForm(request.POST)
        request_ids = _ids(request)
        if not form.is_valid():
            chosen = self.get_queryset(request).filter(pk__in=request_ids)
            decision = request.POST.get("decision", "")
            return self._confirm(request, chosen, decision, form=form, status=400)
        if not 0 < len(request_ids) <= MOST:
            return self._not_that_many(request)
        results = decide_each(request, request_ids, form.review((), reader_language()))
        decided = sum(result.refusal is None for result in results)
        return self._page(
            request,
            "bulk_result.html",
            {
                "title": gettext("Results"),
                # What is left to do comes first.
                "results": sorted(results, key=lambda result: result.refusal is None),
                "decided_count": decided,
                "refused_count": len(results) - decided,
                "is_approval": form.cleaned_data["decision"] == APPROVE,
            },
        )

    def _confirm(
        self,
        request: HttpRequest,
        queryset: QuerySet[ChangeRequest],
        decision: str,
        *,
        form: DecisionForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        chosen = list(queryset.order_by("created_at", "id")[: MOST + 1])
        if not chosen or len(chosen) > MOST:
            return self._not_that_many(request)
        schemas, language = request_schemas(chosen), reader_language()
        context = {
            "title": gettext("Approve") if decision == APPROVE else gettext("Reject"),
            "chosen": [
                {
                    "request": each,
                    "brief": brief(
                        request_review(request=each, schema=schemas[each.pk], language=language)
                    ),
                    "status": status_name(each.status, language),
                    "status_key": ChangeRequest.Status(each.status).name.lower(),
                    "is_own": each.initiator_id == actor_of(request).member_id,
                }
                for each in chosen
            ],
            "decision": decision,
            "is_approval": decision == APPROVE,
            "form": form or DecisionForm(),
        }
        return self._page(request, "bulk.html", context, status=status)

    def _page(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],  # Any: values of the template
        *,
        status: int = 200,
    ) -> HttpResponse:
        whole = {**self.page_context(request, None), **context}
        path = f"admin/changerequests/changerequest/{template}"
        return TemplateResponse(request, path, whole, status=status)

    def _not_that_many(self, request: HttpRequest) -> HttpResponse:
        """None is decided then: which would be left out, nobody could tell."""
        text = gettext("Choose between 1 and %(most)s requests.") % {"most": MOST}
        messages.error(request, text)
        return redirect(self.list_address(request))


def _ids(request: HttpRequest) -> list[int]:
    """The requests that were confirmed, each once, in the order of the form; one too many where
    there are more than may be decided at once.
    """
    numbers = [serial_or_none(text) for text in request.POST.getlist("request")[: MOST + 1]]
    return list(dict.fromkeys(number for number in numbers if number is not None))
