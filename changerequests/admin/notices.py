"""The switch of the queue: whether its reader gets emails about change requests."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext

from config.common.admin import actor_of
from contacts.services.members import member_notices_set

_CHOICES = {"on": True, "off": False}


def notices_view(request: HttpRequest) -> HttpResponse:
    """Switch the reader's own emails on or off: to what the form says, not to the opposite, so that
    a page that was sent twice does no harm.
    """
    is_notified = _CHOICES.get(request.POST.get("emails", ""))
    if is_notified is None:
        return HttpResponseBadRequest()
    member_notices_set(actor=actor_of(request), is_notified=is_notified)
    if is_notified:
        text = gettext("You get emails about change requests from now on.")
    else:
        text = gettext("You get no more emails about change requests.")
    messages.success(request, text)
    return redirect("admin:changerequests_changerequest_changelist")
