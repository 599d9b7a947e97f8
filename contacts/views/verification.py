"""Confirming a pending email or mobile by its key."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import NO_CONTENT, no_content
from config.common.handlers import error_response
from contacts.api import ContactView
from contacts.serializers_verification import ChannelInput, ChannelKeyInput
from contacts.services.verification import (
    channel_discontinue,
    channel_key_resend,
    channel_verify,
)


class ChannelVerifyView(ContactView):
    operations: ClassVar = {"post": "verifyChannel"}
    inputs: ClassVar = {"post": ChannelKeyInput}
    outputs: ClassVar = {"post": NO_CONTENT}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Confirm the pending value of a channel."""
        body, retry_key = self.body(), self.idempotency_key()
        contact = self.contact()

        def verify() -> HttpResponse:
            refusal = channel_verify(
                actor=self.actor, ref=contact.ref, channel=body["channel"], key=body["key"]
            )
            # An answer, not an exception: that would take back the count of the attempt (V2).
            return no_content() if refusal is None else error_response(refusal)

        return self.once(verify, retry_key)


class ChannelResendView(ContactView):
    operations: ClassVar = {"post": "resendChannelKey"}
    inputs: ClassVar = {"post": ChannelInput}
    outputs: ClassVar = {"post": NO_CONTENT}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Send the pending value of a channel another key."""
        body, retry_key = self.body(), self.idempotency_key()
        contact = self.contact()

        def resend() -> HttpResponse:
            channel_key_resend(actor=self.actor, ref=contact.ref, channel=body["channel"])
            return no_content()

        return self.once(resend, retry_key)


class ChannelDiscontinueView(ContactView):
    operations: ClassVar = {"post": "discontinueChannelVerification"}
    inputs: ClassVar = {"post": ChannelInput}
    outputs: ClassVar = {"post": NO_CONTENT}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Drop the pending value of a channel."""
        body, retry_key = self.body(), self.idempotency_key()
        contact = self.contact()

        def discontinue() -> HttpResponse:
            channel_discontinue(actor=self.actor, ref=contact.ref, channel=body["channel"])
            return no_content()

        return self.once(discontinue, retry_key)
