"""Reading and changing details."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from changerequests.selectors.details import FlaggedDetails, flagged_details_reach
from changerequests.services import (
    Submission,
    SubmissionResult,
    details_submit,
    details_submit_unlocked,
)
from config.common.api import ApiView, Output, json_answer, raw_json_answer
from config.common.exceptions import Forbidden, NotFound
from config.common.idempotency import Ride
from config.common.tokens import Credentials
from contacts.exceptions import ContactAnonymized
from contacts.models import ChangeSet, PendingChannel
from contacts.selectors.targets import contact_state_reach
from contacts.serializers import DetailsInput, DetailsOutput, DetailsUpdateOutput
from contacts.targets import TargetState
from crmschema.documents import Mode

SKIP_VERIFICATION_SCOPE = "contacts.skip-verification"


class ContactDetailsView(ApiView):
    operations: ClassVar = {
        "get": "getContactDetails",
        "patch": "patchContactDetails",
        "put": "putContactDetails",
    }
    inputs: ClassVar = {"patch": DetailsInput, "put": DetailsInput}
    outputs: ClassVar = {
        "get": Output(DetailsOutput),
        "patch": Output(DetailsUpdateOutput),
        "put": Output(DetailsUpdateOutput),
    }

    _details: FlaggedDetails | None
    _state: TargetState | None

    def resolve_caller(self, credentials: Credentials, **kwargs: Any) -> None:  # Any: from paths
        """The details come along with the statement that decides who calls."""
        contact_id = kwargs["contact_id"]
        if self.request.method in ("GET", "HEAD"):
            self.actor, self._details = flagged_details_reach(credentials, contact_id)
        else:
            self.actor, self._state = contact_state_reach(credentials, contact_id)

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """All details of a contact."""
        if self._details is None:
            raise NotFound
        return raw_json_answer(_with_flags(self._details), version=self._details.version)

    def patch(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Change some details."""
        return self._submit(Mode.PATCH)

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Replace the details."""
        return self._submit(Mode.PUT)

    def _submit(self, mode: Mode) -> HttpResponse:
        submission = self._submission(mode)
        key = self.idempotency_key()
        state = self._state
        if state is None:
            raise NotFound
        return self.once(
            lambda: self._answer(state, submission),
            key,
            at_once=lambda ride: self._answer_at_once(state, submission, ride),
        )

    def require_replayable(self, response: HttpResponse) -> None:
        """Answers about a contact that is anonymised are not repeated (N2)."""
        if self._state is not None and self._state.is_anonymised:
            raise ContactAnonymized

    def _submission(self, mode: Mode) -> Submission:
        skips = self.flag("skipVerification")
        if skips and not self.actor.has_scope(SKIP_VERIFICATION_SCOPE):
            raise Forbidden("Skipping verification needs a scope of its own.")
        body = self.body()
        return Submission(
            mode=mode,
            details=body["details"],
            comment=body.get("comment"),
            expected_versions=self.expected_versions(),
            skip_verification=skips,
        )

    def _answer_at_once(
        self, state: TargetState, submission: Submission, ride: Ride | None
    ) -> HttpResponse | None:
        result = details_submit_unlocked(
            actor=self.actor,
            state=state,
            submission=submission,
            source=ChangeSet.Source.API,
            rider_of=None if ride is None else lambda result: ride(_response(result)),
        )
        return None if result is None else _response(result)

    def _answer(self, state: TargetState, submission: Submission) -> HttpResponse:
        result = details_submit(
            actor=self.actor, ref=state.ref, submission=submission, source=ChangeSet.Source.API
        )
        return _response(result)


def _with_flags(details: FlaggedDetails) -> bytes:
    """The answer around the stored text, which nothing parses on the way."""
    return (
        f'{{"id":{details.contact_id},'
        f'"hasPendingChangeRequest":{_json(details.has_pending_change_request)},'
        f'"hasPendingEmail":{_json(PendingChannel.Channel.EMAIL in details.pending_channels)},'
        f'"hasPendingMobile":{_json(PendingChannel.Channel.MOBILE in details.pending_channels)},'
        f'"details":{details.details}}}'
    ).encode()


def _json(flag: bool) -> str:
    return "true" if flag else "false"


def _response(result: SubmissionResult) -> HttpResponse:
    outcome = {
        "isApprovalRequired": result.change_request_id is not None,
        "hasPendingEmail": PendingChannel.Channel.EMAIL in result.pending_channels,
        "hasPendingMobile": PendingChannel.Channel.MOBILE in result.pending_channels,
        "changeRequestId": result.change_request_id,
    }
    return json_answer(outcome, version=result.version)
