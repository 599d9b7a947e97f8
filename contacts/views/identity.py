"""Usernames and ids in other systems."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import NO_CONTENT, ApiView, Output, json_answer, no_content
from config.common.exceptions import FieldError, fields_error
from config.common.tokens import Credentials
from contacts.api import ContactView
from contacts.connections import require_external_id, require_system
from contacts.selectors.access import contact_reach
from contacts.selectors.connections import connection_list, contact_find
from contacts.serializers_identity import (
    ContactIdentifierOutput,
    ExternalConnectionInput,
    ExternalConnectionsOutput,
    UsernameInput,
    UsernameOutput,
)
from contacts.services.connections import connection_add
from contacts.services.usernames import username_set
from contacts.usernames import require_username


class UsernameView(ContactView):
    operations: ClassVar = {"get": "getUsername", "put": "updateUsername"}
    inputs: ClassVar = {"put": UsernameInput}
    outputs: ClassVar = {"get": Output(UsernameOutput), "put": NO_CONTENT}

    def resolve_caller(self, credentials: Credentials, **kwargs: Any) -> None:  # Any: from paths
        """The statement that decides who calls brings the username along."""
        self.actor, self._reached = contact_reach(
            credentials, kwargs["contact_id"], ("contact.username",)
        )

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """The username of a contact."""
        (username,) = self.contact().extra
        return json_answer({"username": username})

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Change the username."""
        username, key = _username(self.body()["username"]), self.idempotency_key()
        ref = self.contact().ref

        def change() -> HttpResponse:
            username_set(actor=self.actor, ref=ref, username=username)
            return no_content()

        return self.once(change, key)


class ExternalConnectionsView(ContactView):
    operations: ClassVar = {"get": "listExternalConnections", "post": "addExternalConnection"}
    inputs: ClassVar = {"post": ExternalConnectionInput}
    outputs: ClassVar = {"get": Output(ExternalConnectionsOutput), "post": NO_CONTENT}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """All ids of a contact in other systems."""
        connections = [
            {"externalId": external_id, "system": system}
            for system, external_id in connection_list(contact_id=self.contact().id)
        ]
        return json_answer({"connections": connections})

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Add an id of the contact in another system."""
        body, key = self.body(), self.idempotency_key()
        system, external_id = (
            require_system(body["system"]),
            require_external_id(body["external_id"]),
        )
        contact = self.contact()

        def add() -> HttpResponse:
            connection_add(
                actor=self.actor, contact_id=contact.id, system=system, external_id=external_id
            )
            return no_content()

        return self.once(add, key)


class ExternalConnectionView(ApiView):
    operations: ClassVar = {"get": "findContactByExternalConnection"}
    outputs: ClassVar = {"get": Output(ContactIdentifierOutput)}

    def get(self, request: Request, system: str, external_id: str) -> HttpResponse:
        """The contact that has an external id in a system."""
        contact_id, uid = contact_find(actor=self.actor, system=system, external_id=external_id)
        return json_answer({"id": contact_id, "uid": uid})


def _username(sent: str | None) -> str:
    """What a contact can be given: a name, which may be missing on create only (U2)."""
    if sent is None:
        raise fields_error(FieldError("username", "Required", "The value is required."))
    require_username(sent)
    return sent
