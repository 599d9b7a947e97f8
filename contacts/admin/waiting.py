"""What waits for a key, on the page of a contact: confirmed, sent again, given up (V2-V6)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext

from config.common.admin import BackOfficeAdmin, actor_of, page, refuse
from config.common.exceptions import DomainError, Forbidden, NotFound
from contacts.models import Contact, PendingChannel
from contacts.selectors.back_office import contact_ref
from contacts.services.verification import (
    channel_discontinue,
    channel_key_resend,
    channel_verify,
)

CHANGE = "contacts.change_contact"
MAX_KEY_LENGTH = 64
Action = Callable[[HttpRequest, Contact, str], str]


class WaitingChannelPages(BackOfficeAdmin):
    """The pages behind the card "Waiting for verification". Expects `_reached` of ContactAdmin."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:object_id>/waiting/<str:channel>/{name}/",
                self.admin_site.admin_view(page(self._page(action), "POST")),
                name=f"contacts_contact_waiting_{name}",
            )
            for name, action in _ACTIONS.items()
        ]
        return [*own, *super().get_urls()]

    def waiting_context(
        self, request: HttpRequest, contact: Contact
    ) -> dict[str, Any]:  # Any: a context
        """What `waiting.html` shows."""
        return {
            "pending_channels": contact.pending_channels.all(),
            "may_verify": actor_of(request).has_permission(CHANGE),
            "attempts_allowed": settings.VERIFICATION_ATTEMPTS,
        }

    def _page(self, action: Action) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest, object_id: int, channel: str) -> HttpResponse:
            reached: Any = self  # Any: the contact's page has it
            contact = reached._reached(request, object_id)
            if channel not in PendingChannel.Channel.values:
                raise NotFound
            if not actor_of(request).has_permission(CHANGE):
                raise Forbidden
            try:
                messages.success(request, action(request, contact, channel))
            except DomainError as error:
                refuse(request, error)
            return redirect("admin:contacts_contact_change", contact.pk)

        return answer


def _verify(request: HttpRequest, contact: Contact, channel: str) -> str:
    key = request.POST.get("key", "").strip()[:MAX_KEY_LENGTH]
    refusal = channel_verify(
        actor=actor_of(request), ref=contact_ref(contact), channel=channel, key=key
    )
    if refusal is not None:
        raise refusal
    return gettext("The value is confirmed and part of the details now.")


def _resend(request: HttpRequest, contact: Contact, channel: str) -> str:
    channel_key_resend(actor=actor_of(request), ref=contact_ref(contact), channel=channel)
    return gettext("Another key is on its way.")


def _discontinue(request: HttpRequest, contact: Contact, channel: str) -> str:
    channel_discontinue(actor=actor_of(request), ref=contact_ref(contact), channel=channel)
    return gettext("The new value was given up.")


_ACTIONS: dict[str, Action] = {
    "verify": _verify,
    "resend": _resend,
    "discontinue": _discontinue,
}
