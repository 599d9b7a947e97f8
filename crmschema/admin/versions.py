"""The page of a schema's versions: who saved which when, what differs, and the way back."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.common.admin import actor_of, page
from config.common.exceptions import Forbidden
from config.common.typed import serial_or_none
from crmschema.admin.editor import may_edit
from crmschema.editing import schema_row, schema_versions, versions_differ
from crmschema.models import CrmSchemaVersion

_TEMPLATE = "admin/crmschema/crmschema/versions.html"


def versions_urls(admin: Any) -> list[URLPattern]:  # Any: generic for mypy only
    """The address below that of one schema."""

    def view(request: HttpRequest, schema_id: int) -> HttpResponse:
        return versions_view(admin, request, schema_id)

    wrapped = admin.admin_site.admin_view(page(view, "GET", "HEAD"))
    return [path("<int:schema_id>/versions/", wrapped, name="crmschema_versions")]


def versions_view(admin: Any, request: HttpRequest, schema_id: int) -> HttpResponse:  # Any: above
    """The latest versions; any two of them compared (`?from=`, `?to=`)."""
    if not admin.has_view_permission(request):
        raise Forbidden
    schema = schema_row(schema_id=schema_id)
    versions = list(schema_versions(schema=schema))
    old, new = _chosen(request, versions)
    context = {
        **admin.page_context(request, schema),
        "title": _("Versions"),
        "schema": schema,
        "versions": versions,
        "old": old,
        "new": new,
        "compared": _compared(schema.key, old, new),
        "may_edit": may_edit(actor_of(request)),
    }
    return TemplateResponse(request, _TEMPLATE, context)


def _chosen(request: HttpRequest, versions: Sequence[CrmSchemaVersion]) -> tuple[int, int]:
    """The versions to compare; the latest with the one before it unless others are named."""
    latest = versions[0].token
    previous = versions[1].token if len(versions) > 1 else latest
    old = serial_or_none(request.GET.get("from"))
    new = serial_or_none(request.GET.get("to"))
    return old or previous, new or latest


def _compared(key: str, old: int, new: int) -> dict[str, Any] | None:  # Any: of the template
    """What differs; nothing where there is but one version."""
    if old == new:
        return None
    words = get_language() or settings.LANGUAGE_CODE
    changes = versions_differ(key=key, from_token=old, to_token=new, words=words)
    return {"old": old, "new": new, "changes": changes}
