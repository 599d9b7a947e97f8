"""Anonymising, retention and subject access (N1-N5)."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import NO_CONTENT, ApiView, Output, json_answer, no_content
from config.common.exceptions import NotFound
from contacts.api import ContactView
from contacts.models import Anonymisation
from contacts.presenters import anonymisation_output
from contacts.selectors.anonymisations import anonymisation_get
from contacts.serializers_privacy import (
    AnonymizationOutput,
    AnonymizeInput,
    PersonalDataOutput,
    RetentionInput,
)
from contacts.services.anonymisation import Selection, contacts_anonymise
from contacts.services.disclosure import contact_disclose
from contacts.services.retention import contact_retention_set


class AnonymizeView(ApiView):
    operations: ClassVar = {"post": "anonymizeContacts"}
    inputs: ClassVar = {"post": AnonymizeInput}
    outputs: ClassVar = {"post": NO_CONTENT}

    def post(self, request: Request) -> HttpResponse:
        """Anonymise contacts; many at once become a job."""
        body, key = self.body(), self.idempotency_key()
        selection = Selection(body.get("contact_ids") or (), body.get("contact_uids") or ())
        reason = body.get("reason") or ""
        return self.once(lambda: self._anonymise(selection, reason), key)

    def _anonymise(self, selection: Selection, reason: str) -> HttpResponse:
        job = contacts_anonymise(actor=self.actor, selection=selection, reason=reason)
        return no_content() if job is None else _accepted(job)


class AnonymizationView(ApiView):
    operations: ClassVar = {"get": "getAnonymization"}
    outputs: ClassVar = {"get": Output(AnonymizationOutput)}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """How far a large request to anonymise is."""
        progress = anonymisation_get(actor=self.actor, uid=kwargs["anonymization_id"])
        if progress is None:
            raise NotFound
        return json_answer(anonymisation_output(progress))


class RetentionView(ContactView):
    operations: ClassVar = {"put": "putContactRetention"}
    inputs: ClassVar = {"put": RetentionInput}
    outputs: ClassVar = {"put": NO_CONTENT}

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Say until when a contact must be kept."""
        body, key = self.body(), self.idempotency_key()
        contact = self.contact()

        def keep() -> HttpResponse:
            contact_retention_set(
                actor=self.actor,
                contact_id=contact.id,
                retain_until=body["retain_until"],
                reason=body["reason"],
            )
            return no_content()

        return self.once(keep, key)


class PersonalDataView(ContactView):
    operations: ClassVar = {"get": "getPersonalData"}
    outputs: ClassVar = {"get": Output(PersonalDataOutput)}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Everything that is held on a contact."""
        contact = self.contact()
        return json_answer(contact_disclose(actor=self.actor, contact_id=contact.id))


def _accepted(job: Anonymisation) -> HttpResponse:
    response = HttpResponse(status=202)
    del response.headers["Content-Type"]
    response.headers["Location"] = f"/v1.1/contacts/anonymizations/{job.uid}"
    return response
