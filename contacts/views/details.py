"""Reading and changing details."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from changerequests.selectors.details import FlaggedDetails, flagged_details_reach
from changerequests.services import Submission, SubmissionResult, details_submit
from config.common.api import Output, json_answer, raw_json_answer
from config.common.exceptions import Forbidden, NotFound
from config.common.tokens import Credentials
from contacts.api import ContactView
from contacts.exceptions import StaleDetails
from contacts.models import ChangeSet, PendingChannel
from contacts.selectors.access import ReachedContact
from contacts.serializers import DetailsInput, DetailsOutput, DetailsUpdateOutput
from crmschema.documents import Mode

SKIP_VERIFICATION_SCOPE = "contacts.skip-verification"


class ContactDetailsView(ContactView):
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

    def resolve_caller(self, credentials: Credentials, **kwargs: Any) -> None:  # Any: from paths
        """A read brings the details along with the statement that decides who calls."""
        if self.request.method in ("GET", "HEAD"):
            self.actor, self._details = flagged_details_reach(credentials, kwargs["contact_id"])
        else:
            super().resolve_caller(credentials, **kwargs)

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
        contact = self.contact()
        return self.once(lambda: self._answer(contact, submission), key)

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

    def _answer(self, contact: ReachedContact, submission: Submission) -> HttpResponse:
        expected = submission.expected_versions
        if expected is not None and contact.version not in expected:
            raise StaleDetails
        result = details_submit(
            actor=self.actor, ref=contact.ref, submission=submission, source=ChangeSet.Source.API
        )
        return json_answer(_outcome(result), version=result.version)


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


def _outcome(result: SubmissionResult) -> dict[str, Any]:  # Any: JSON values
    return {
        "isApprovalRequired": result.change_request_id is not None,
        "hasPendingEmail": PendingChannel.Channel.EMAIL in result.pending_channels,
        "hasPendingMobile": PendingChannel.Channel.MOBILE in result.pending_channels,
        "changeRequestId": result.change_request_id,
    }
