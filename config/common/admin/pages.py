"""Pages of our own inside the admin: one method each, refusals as Django answers them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.common.exceptions import DomainError, ErrorKind, Forbidden, NotFound
from config.common.problem_pages import problem_page

Page = Callable[..., HttpResponse]

_TEXTS = {
    "OwnChangeRequest": _("You made this request yourself: another person must review it."),
    "NotInitiator": _("Only the person who made the request can cancel it."),
    "ChangeRequestNotPending": _(
        "The request has been decided or withdrawn in the meantime; nothing was done now."
    ),
    "ChangeRequestConflict": _(
        "Values have changed since the request was made. Choose which value counts."
    ),
    "DetailsInvalid": _("The schema no longer accepts the requested values."),
    "ContactAnonymized": _("The contact is anonymised; its details can no longer change."),
    "KeyNoMatch": _("That is not the key that was sent."),
    "KeyExpired": _("The key no longer counts: its time or its attempts are used up."),
    "NothingPending": _("Nothing waits for a key any more."),
    "UsernameNotUnique": _("Another contact has this username."),
    "MessageNotWaiting": _("The message has moved on in the meantime."),
    "UsernameCoupled": _("The username is the primary email and changes with it alone."),
    "ExternalIdNotUnique": _("Another contact has this external id."),
    "DefaultIdExists": _("The contact has another external id of the system Default."),
    "RetentionActive": _("Some of the contacts must be kept for a time yet."),
    "HierarchyCycle": _("A member cannot be managed by itself or by a member below it."),
}


def page(view: Page, *methods: str) -> Page:
    """A view for these methods alone (405 else, with a page that says so). What is out of reach is
    a 404 (A2), what is forbidden a 403; never cached.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: from paths
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except Forbidden as error:
            raise PermissionDenied from error

    guarded = require_http_methods(methods)(answer)

    @wraps(view)
    def said(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: from paths
        response = guarded(request, *args, **kwargs)
        if response.status_code == 405 and (shown := problem_page(request, 405)) is not None:
            shown.headers["Allow"] = response.headers["Allow"]
            return shown
        return response

    return never_cache(said)


def reader_language() -> str:
    """The language that pages speak to the reader."""
    return get_language() or settings.LANGUAGE_CODE


def refusal_text(error: DomainError) -> str:
    """What a refusal of a service means to the person at the screen."""
    text = _TEXTS.get(error.sub_code)
    return str(text) if text is not None else gettext(error.message)


def refuse(request: HttpRequest, error: DomainError) -> None:
    """Show a refusal as a message on the next page; failures of ours are not refusals."""
    if error.kind is ErrorKind.GENERAL:
        raise error
    messages.error(request, refusal_text(error))
