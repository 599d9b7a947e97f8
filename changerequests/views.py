"""Change requests on the API."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from changerequests.conflicts import ConflictAnswer
from changerequests.presenters import change_request_output, pending_output, statuses_output
from changerequests.selectors.requests import change_request_get, pending_change_request
from changerequests.serializers import (
    ChangeRequestOutput,
    PendingCheckOutput,
    ReviewInput,
    StatusesOutput,
)
from changerequests.services import Review, change_request_cancel, change_request_review
from config.common.api import NO_CONTENT, ApiView, Output, json_answer, no_content
from contacts.api import ContactView
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

    def get(
        self, request: Request, change_request_id: int, **kwargs: Any
    ) -> HttpResponse:  # Any: paths
        """One change request."""
        contact = self.contact()
        found = change_request_get(ref=contact.ref, request_id=change_request_id)
        schema = compiled(contact.ref.schema_key)
        return json_answer(change_request_output(schema, contact, found, self.language))


class PendingCheckView(ContactView):
    operations: ClassVar = {"get": "checkPendingChangeRequest"}
    outputs: ClassVar = {"get": Output(PendingCheckOutput)}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Whether a change request is pending."""
        return json_answer(pending_output(pending_change_request(ref=self.contact().ref)))


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
            conflicts=[ConflictAnswer(**answer) for answer in body.get("conflicts") or ()],
            language=self.language,
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
