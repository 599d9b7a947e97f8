"""Creating contacts, and who advises them."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import NO_CONTENT, ApiView, Output, json_answer, no_content
from config.common.idempotency import Ride
from contacts.api import ContactView
from contacts.exceptions import ContactAnonymized
from contacts.models import ChangeSet
from contacts.personal_data.records import location
from contacts.selectors.access import contact_require_reach
from contacts.serializers import ContactCreatedOutput, ContactCreateInput, MembersInput
from contacts.services.contacts import (
    ContactCreation,
    CreatedContact,
    contact_create,
    contact_create_unlocked,
    contact_members_set,
)


class ContactsView(ApiView):
    operations: ClassVar = {"post": "createContact"}
    inputs: ClassVar = {"post": ContactCreateInput}
    outputs: ClassVar = {"post": Output(ContactCreatedOutput, 201)}

    def post(self, request: Request) -> HttpResponse:
        """Create a contact."""
        body = self.body()
        key, sent_id = self.idempotency_key(), body.get("correlation_id")
        creation = ContactCreation(
            contact_type_id=body["contact_type_id"],
            username=body.get("username"),
            details=body["details"],
            member_uids=body.get("member_uids") or (),
        )
        # Two ways to make a retry safe (D10); they are different names even when spelled alike.
        correlation = None if sent_id is None else f"correlationId {sent_id}"
        return self.once(
            lambda: self._create(creation),
            key,
            correlation,
            at_once=lambda ride: self._create_at_once(creation, ride),
            check_replay=self._require_reach,
        )

    def _require_reach(self, response: HttpResponse) -> None:
        """The contact of a stored answer may be out of reach by now (A2), or anonymised (N2)."""
        contact_id = int(response["Location"].split("/")[3])
        contact_require_reach(actor=self.actor, contact_id=contact_id)
        if not response.content:
            raise ContactAnonymized

    def _create_at_once(self, creation: ContactCreation, ride: Ride | None) -> HttpResponse | None:
        created = contact_create_unlocked(
            actor=self.actor,
            creation=creation,
            source=ChangeSet.Source.API,
            rider_of=None if ride is None else lambda created: ride(_response(created)),
        )
        return None if created is None else _response(created)

    def _create(self, creation: ContactCreation) -> HttpResponse:
        created = contact_create(actor=self.actor, creation=creation, source=ChangeSet.Source.API)
        return _response(created)


def _response(created: CreatedContact) -> HttpResponse:
    answer = {"id": created.id, "uId": created.uid, "details": created.details}
    response = json_answer(answer, status=201, version=1)
    response.headers["Location"] = location(created.id)
    return response


class ContactMembersView(ContactView):
    operations: ClassVar = {"put": "putContactMembers"}
    inputs: ClassVar = {"put": MembersInput}
    outputs: ClassVar = {"put": NO_CONTENT}

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Say who advises the contact."""
        body, key = self.body(), self.idempotency_key()
        contact = self.contact()

        def assign() -> HttpResponse:
            contact_members_set(
                actor=self.actor, contact_id=contact.id, member_uids=body["member_uids"]
            )
            return no_content()

        return self.once(assign, key)
