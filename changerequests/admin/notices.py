"""The switches of the queue: whether its reader gets emails about change requests, and in which
language.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext

from config.common.admin import actor_of
from contacts.services.members import member_notices_set

_CHOICES = {"on": True, "off": False}


def notices_set(request: HttpRequest, back: str) -> HttpResponse:
    """Set the reader's own emails: to what the form says, not to the opposite, so that a page that
    was sent twice does no harm. Then on to `back`.
    """
    chosen = _chosen(request)
    if chosen is None:
        return HttpResponseBadRequest()
    member_notices_set(actor=actor_of(request), **chosen)
    messages.success(request, _said(**chosen))
    return redirect(back)


def email_languages() -> list[tuple[str, str]]:
    """The languages that emails are written in; the empty one is the installation's."""
    names = dict(settings.LANGUAGES)
    own = gettext("%(language)s (default)") % {"language": names[settings.LANGUAGE_CODE]}
    return [("", own), *names.items()]


def _chosen(request: HttpRequest) -> dict[str, Any] | None:  # Any: what the service takes
    """The one thing that the form sets; None where it is none, or nothing that there is."""
    emails, language = request.POST.get("emails"), request.POST.get("language")
    if emails in _CHOICES and language is None:
        return {"is_notified": _CHOICES[emails]}
    if emails is None and language in {code for code, _name in email_languages()}:
        return {"language": language}
    return None


def _said(*, is_notified: bool | None = None, language: str = "") -> str:
    if is_notified is None:
        name = dict(email_languages())[language]
        return gettext("You get emails in this language from now on: %(name)s.") % {"name": name}
    if is_notified:
        return gettext("You get emails about change requests from now on.")
    return gettext("You get no more emails about change requests.")
