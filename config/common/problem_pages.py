"""Pages of the back office that say why there is nothing to see, with a way on.

For people only: a script, or whoever is not signed in, gets Django's own answer.
"""

import re

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from config.common.came_from import taken_along

BACK_OFFICE_PREFIX = "/admin/"
_FORBIDDEN, _NOT_FOUND, _WRONG_METHOD = 403, 404, 405
_NOTHING_CHANGED = _("Nothing was changed")

_TEXTS = {
    _FORBIDDEN: (_("Not allowed"), _("Your permissions do not allow this. Nothing was changed.")),
    _NOT_FOUND: (
        _("Not found"),
        _("There is nothing at this address, or you do not reach it (any more)."),
    ),
    _WRONG_METHOD: (
        _NOTHING_CHANGED,
        _(
            "You were signed out before this was sent, so it was not done. Go back, and decide or "
            "save again."
        ),
    ),
}
# What is done about an object lies beside its page, in every address of the admin.
_OF_AN_OBJECT = re.compile(r"/\d+/[a-z_]+/$")
_FORM_TOO_OLD = _(
    "You have signed in again since this page was opened, so what you sent was not done. Go back, "
    "and decide or save again."
)


def problem_page(request: HttpRequest, status: int) -> HttpResponse | None:
    """The page for a refusal of that status; None where nobody would read it."""
    title, text = _TEXTS[status]
    return _page(request, status, title, text, has_way_back=status == _WRONG_METHOD)


def form_too_old_page(request: HttpRequest) -> HttpResponse | None:
    """The page for a form whose token no longer counts (AD-01); None as above."""
    return _page(request, _FORBIDDEN, _NOTHING_CHANGED, _FORM_TOO_OLD, has_way_back=True)


def _page(
    request: HttpRequest, status: int, title: object, text: object, *, has_way_back: bool
) -> HttpResponse | None:
    is_read = "text/html" in request.headers.get("Accept", "")
    # Refused before anybody could sign in (a host that is not ours): no user at all.
    user = getattr(request, "user", None)
    if not is_read or user is None or not request.path_info.startswith(BACK_OFFICE_PREFIX):
        return None
    if not admin.site.has_permission(request):
        return None
    kept = taken_along(request)
    is_about_one = _OF_AN_OBJECT.search(request.path_info) is not None
    # Whence a form was sent: the page of the object, or the list that it was about.
    back = f"../change/{kept}" if kept and is_about_one else f"../{kept}"
    context = {
        **admin.site.each_context(request),
        "title": title,
        "text": text,
        "back": back if has_way_back else None,
        "list": f"../../{kept}" if kept and is_about_one and not has_way_back else None,
    }
    page = TemplateResponse(request, "admin/problem.html", context, status=status)
    return page.render()
