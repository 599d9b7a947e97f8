"""The base of views on one contact: who calls and what it reaches, in one statement (A2, A3)."""

from typing import Any

from django.http import HttpResponse

from config.common.api import ApiView
from config.common.exceptions import NotFound
from config.common.tokens import Credentials
from contacts.exceptions import ContactAnonymized
from contacts.selectors.access import ReachedContact, contact_reach


class ContactView(ApiView):
    """A view below `/contacts/{contactId}`. What is out of reach does not exist (A2)."""

    _reached: ReachedContact | None

    def resolve_caller(self, credentials: Credentials, **kwargs: Any) -> None:  # Any: from paths
        """Read the caller and the contact; whether it is reached is asked for later (F5)."""
        self.actor, self._reached = contact_reach(credentials, kwargs["contact_id"])

    def contact(self) -> ReachedContact:
        """The contact. Raises NotFound when it is out of reach or does not exist."""
        if self._reached is None:
            raise NotFound
        return self._reached

    def require_replayable(self, response: HttpResponse) -> None:
        """Answers about a contact that is anonymised are not repeated (N2)."""
        if self.contact().is_anonymised:
            raise ContactAnonymized
