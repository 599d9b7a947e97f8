"""Change requests on the API."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from changerequests.conflicts import ConflictAnswer, Shown
from changerequests.models import ChangeRequest
from changerequests.presenters import (
    MemberForm,
    change_request_output,
    member_by_u_id,
    pending_output,
    request_row_output,
    statuses_output,
)
from changerequests.selectors.requests import change_request_get, pending_change_request
from changerequests.selectors.search import SORT_FIELDS, RequestQuery, change_request_search
from changerequests.serializers import (
    ChangeRequestOutput,
    ChangeRequestV10Output,
    PendingCheckOutput,
    PendingCheckV10Output,
    RequestPageOutput,
    RequestPageV10Output,
    RequestSearchInput,
    RequestSearchV10Input,
    ReviewInput,
    StatusesOutput,
)
from changerequests.services import Review, change_request_cancel, change_request_review
from config.common.access import is_allowed
from config.common.api import NO_CONTENT, ApiView, Output, json_answer, no_content
from config.common.dates import require_order
from config.common.paging import Page, PageRequest, page_result, parse_sort
from contacts.api import ContactView
from contacts.presenters import member_by_id_output, member_output
from contacts.selectors.members import member_view
from crmschema.selectors import compiled


class StatusesView(ApiView):
    operations: ClassVar = {"get": "listChangeRequestStatuses"}
    outputs: ClassVar = {"get": Output(StatusesOutput)}

    def get(self, request: Request) -> HttpResponse:
        """The statuses of change requests."""
        return json_answer(statuses_output(self.language))


class ChangeRequestView(ContactView):
    operations: ClassVar = {"get": "getChangeRequest"}
    outputs: ClassVar = {"get": Output(ChangeRequestOutput)}
    member_form: MemberForm = staticmethod(member_by_u_id)

    def get(
        self, request: Request, change_request_id: int, **kwargs: Any
    ) -> HttpResponse:  # Any: paths
        """One change request."""
        contact = self.contact()
        found = change_request_get(ref=contact.ref, request_id=change_request_id)
        schema = compiled(contact.ref.schema_key)
        return json_answer(
            change_request_output(schema, contact, found, self.language, self.member_form)
        )


class ChangeRequestV10View(ChangeRequestView):
    operations: ClassVar = {"get": "getChangeRequestV10"}
    outputs: ClassVar = {"get": Output(ChangeRequestV10Output)}
    successors: ClassVar = {
        "get": "/v1.1/contacts/{contact_id}/change-requests/{change_request_id}"
    }
    member_form: MemberForm = staticmethod(member_by_id_output)


class PendingCheckView(ContactView):
    operations: ClassVar = {"get": "checkPendingChangeRequest"}
    outputs: ClassVar = {"get": Output(PendingCheckOutput)}
    member_form: MemberForm = staticmethod(member_output)

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Whether a change request is pending."""
        found = pending_change_request(ref=self.contact().ref)
        return json_answer(pending_output(found, self.member_form))


class PendingCheckV10View(PendingCheckView):
    operations: ClassVar = {"get": "checkPendingChangeRequestV10"}
    outputs: ClassVar = {"get": Output(PendingCheckV10Output)}
    successors: ClassVar = {"get": "/v1.1/contacts/{contact_id}/pending-change-request/check"}
    member_form: MemberForm = staticmethod(member_by_id_output)


class SearchView(ApiView):
    operations: ClassVar = {"post": "searchChangeRequests"}
    inputs: ClassVar = {"post": RequestSearchInput}
    outputs: ClassVar = {"post": Output(RequestPageOutput)}

    def post(self, request: Request) -> HttpResponse:
        """Search the change requests on contacts within reach."""
        query = _query(self.body())
        found = change_request_search(actor=self.actor, query=query)
        return _page_answer(query, found, self.language, member_output)


class MemberSearchView(ApiView):
    operations: ClassVar = {"post": "searchChangeRequestsOfMember"}
    inputs: ClassVar = {"post": RequestSearchV10Input}
    outputs: ClassVar = {"post": Output(RequestPageV10Output)}
    successors: ClassVar = {"post": "/v1.0/contacts/change-requests/search"}

    def post(self, request: Request, member_id: int) -> HttpResponse:
        """Search the change requests that a member can see."""
        query = _query(self.body())
        view = member_view(actor=self.actor, member_id=member_id)
        found = change_request_search(actor=self.actor, query=query, view=view)
        return _page_answer(query, found, self.language, member_by_id_output)


class ReviewView(ContactView):
    operations: ClassVar = {"post": "reviewChangeRequest"}
    inputs: ClassVar = {"post": ReviewInput}
    outputs: ClassVar = {"post": NO_CONTENT}

    def post(
        self, request: Request, change_request_id: int, **kwargs: Any
    ) -> HttpResponse:  # Any: paths
        """Approve or reject a pending change request."""
        body, key = self.body(), self.idempotency_key()
        ref = self.contact().ref
        review = Review(
            is_approved=body["is_approved"],
            comment=body.get("comment"),
            conflicts=[_answer(each) for each in body.get("conflicts") or ()],
            language=self.language,
            # Deciding takes no right to read (A1): without it a conflict is told without values.
            is_reader=is_allowed(self.actor, "getChangeRequest"),
        )

        def decide() -> HttpResponse:
            change_request_review(
                actor=self.actor, ref=ref, request_id=change_request_id, review=review
            )
            return no_content()

        return self.once(decide, key)


class CancelView(ContactView):
    operations: ClassVar = {"post": "cancelChangeRequest"}
    outputs: ClassVar = {"post": NO_CONTENT}

    def post(
        self, request: Request, change_request_id: int, **kwargs: Any
    ) -> HttpResponse:  # Any: paths
        """Cancel a pending change request."""
        key = self.idempotency_key()
        ref = self.contact().ref

        def cancel() -> HttpResponse:
            change_request_cancel(actor=self.actor, ref=ref, request_id=change_request_id)
            return no_content()

        return self.once(cancel, key)


def _answer(sent: dict[str, Any]) -> ConflictAnswer:  # Any: by field
    """An answer to a conflict; null for today's value says that there was none."""
    shown = Shown(sent["current_value"]) if "current_value" in sent else None
    return ConflictAnswer(sent["path"], sent["take"], sent.get("row_id"), shown=shown)


def _query(body: dict[str, Any]) -> RequestQuery:  # Any: by field
    """The filters of either search; each names people in its own way."""
    created_from, created_to = body.get("create_date_from"), body.get("create_date_to")
    reviewed_from, reviewed_to = body.get("review_date_from"), body.get("review_date_to")
    require_order(created_from, created_to, name="createDate")
    require_order(reviewed_from, reviewed_to, name="reviewDate")
    return RequestQuery(
        page=PageRequest.parse(body.get("page"), body.get("page_size")),
        sort=parse_sort(
            body.get("sort_by"), body.get("sort_order"), SORT_FIELDS, latest="created_at"
        ),
        is_direct=body.get("exclude_hierarchy", False),
        status=body.get("status_id"),
        created_from=created_from,
        created_to=created_to,
        reviewed_from=reviewed_from,
        reviewed_to=reviewed_to,
        initiator_ids=body.get("initiator_member_ids"),
        initiator_uids=body.get("initiator_member_uids"),
        reviewer_ids=body.get("review_member_ids"),
        reviewer_uids=body.get("review_member_uids"),
        contact_ids=body.get("contact_ids"),
        paths=body.get("paths"),
    )


def _page_answer(
    query: RequestQuery, found: Page[ChangeRequest], language: str, member_form: MemberForm
) -> HttpResponse:
    rows = [request_row_output(each, language, member_form) for each in found.results]
    return json_answer(page_result(query.page, rows, found.total_count).as_json())
