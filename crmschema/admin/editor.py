"""The pages of the schema editor: one that draws it, and what its scripts ask for."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language

from config.common.actors import Actor
from config.common.admin import actor_of, json_page, page, posted_object
from config.common.exceptions import BadRequest, Forbidden
from config.common.language import resolve_language
from config.common.typed import serial_or_none
from crmschema.admin.problem_texts import problem_text
from crmschema.admin.texts import editor_texts
from crmschema.compiler.references import ALIAS_TYPES
from crmschema.editing import (
    check_result,
    draft_judge,
    items_offered,
    lists_offered,
    schema_row,
    schema_version_get,
    version_author,
    versions_differ,
)
from crmschema.models import CrmSchema
from crmschema.services import schema_check_start, schema_save

PERMISSION = "crmschema.change_crmschema"
_TEMPLATE = "admin/crmschema/crmschema/editor.html"
# The editor writes style attributes, as the theme does, but evaluates nothing.
_CSP = {"style-src": ["'unsafe-inline'"]}

Answer = dict[str, Any]  # Any: JSON values


def editor_urls(site: AdminSite) -> list[URLPattern]:
    """The addresses below that of one schema."""
    wrap, base = site.admin_view, "<int:schema_id>/editor/"
    return [
        path(base, wrap(page(editor_view, "GET", "HEAD")), name="crmschema_editor"),
        path(f"{base}judge/", wrap(json_page(judge_view, "POST")), name="crmschema_editor_judge"),
        path(f"{base}save/", wrap(json_page(save_view, "POST")), name="crmschema_editor_save"),
        path(f"{base}check/", wrap(json_page(check_view, "POST")), name="crmschema_editor_check"),
        path(
            f"{base}check/<uuid:check_id>/",
            wrap(json_page(check_result_view, "GET")),
            name="crmschema_editor_check_result",
        ),
        path(f"{base}items/", wrap(json_page(items_view, "GET")), name="crmschema_editor_items"),
        path(
            f"{base}versions/<int:token>/",
            wrap(json_page(version_view, "GET")),
            name="crmschema_editor_version",
        ),
    ]


def may_edit(actor: Actor) -> bool:
    """Whether the member may save schemas (A1)."""
    return actor.has_permission(PERMISSION)


def editor_view(request: HttpRequest, schema_id: int) -> HttpResponse:
    """The editor on the current version, or with an older one as the draft (`?version=`)."""
    found = _schema(request, schema_id)
    context = {
        "schema": found,
        "editor": {**_editor(found, _draft(request, found)), "csrfToken": get_token(request)},
        "versions": reverse("admin:crmschema_versions", args=[found.pk]),
        "back": reverse("admin:crmschema_crmschema_change", args=[found.pk]),
    }
    response = TemplateResponse(request, _TEMPLATE, context)
    response._csp_update = _CSP  # type: ignore[attr-defined]  # django-csp's own hook
    return response


def judge_view(request: HttpRequest, schema_id: int) -> Answer:
    """What a save would say of a draft, and the form that it makes in a language."""
    found = _schema(request, schema_id)
    sent = posted_object(request, limit=settings.MAX_SCHEMA_BODY_BYTES)
    language = resolve_language(str(sent.get("language")), None)
    verdict = draft_judge(key=found.key, schema=_text(sent), language=language, words=_language())
    return {
        "errors": [
            {**error, "message": problem_text(error["message"])} for error in verdict.errors
        ],
        "schema": verdict.text,
        "fields": verdict.fields,
        "layout": verdict.layout,
        "changes": verdict.changes,
        "columns": verdict.columns,
        "rebuilds": verdict.rebuilds,
    }


def save_view(request: HttpRequest, schema_id: int) -> Answer:
    """Save a draft as the next version (S2-S4)."""
    found = _schema(request, schema_id)
    sent = posted_object(request, limit=settings.MAX_SCHEMA_BODY_BYTES)
    saved = schema_save(
        actor=actor_of(request),
        key=found.key,
        schema=_text(sent),
        concurrency_token=_token(sent),
        accepted_check=_accepted(sent),
        language=_language(),
    )
    return {"concurrencyToken": saved.concurrency_token, "schema": saved.schema}


def check_view(request: HttpRequest, schema_id: int) -> Answer:
    """Start to check what a draft means for what is stored (S4)."""
    found = _schema(request, schema_id)
    sent = posted_object(request, limit=settings.MAX_SCHEMA_BODY_BYTES)
    check = schema_check_start(
        actor=actor_of(request),
        key=found.key,
        schema=_text(sent),
        concurrency_token=_token(sent),
    )
    return {"checkId": str(check.uid)}


def check_result_view(request: HttpRequest, schema_id: int, check_id: UUID) -> Answer:
    """How far a check is, and what it has found."""
    return check_result(key=_schema(request, schema_id).key, check_id=check_id)


def items_view(request: HttpRequest, schema_id: int) -> Answer:
    """The items of a list, for the preview and for conditions."""
    _schema(request, schema_id)
    language = resolve_language(request.GET.get("language"), None)
    return {"items": items_offered(list_key=request.GET.get("list", ""), language=language)}


def version_view(request: HttpRequest, schema_id: int, token: int) -> Answer:
    """A version that someone else saved, for those who were slower (S2)."""
    found = _schema(request, schema_id)
    version = schema_version_get(schema=found, token=token)
    since = serial_or_none(request.GET.get("since")) or token
    return {
        "concurrencyToken": version.token,
        "schema": version.schema,
        "savedBy": version_author(version),
        "savedAt": version.created_at,
        "changes": versions_differ(
            key=found.key, from_token=since, to_token=token, words=_language()
        ),
    }


def _schema(request: HttpRequest, schema_id: int) -> CrmSchema:
    if not may_edit(actor_of(request)):
        raise Forbidden
    return schema_row(schema_id=schema_id)


def _draft(request: HttpRequest, found: CrmSchema) -> str:
    token = serial_or_none(request.GET.get("version"))
    if token is None:
        return found.schema
    return schema_version_get(schema=found, token=token).schema


def _editor(found: CrmSchema, draft: str) -> Answer:
    """What the scripts know from the start."""
    language = _language()
    names = ("judge", "save", "items", "check")
    base = reverse("admin:crmschema_editor", args=[found.pk])
    return {
        "key": found.key,
        "token": found.concurrency_token,
        "schema": found.schema,
        "draft": draft,
        "language": language,
        "languages": [{"code": code, "name": name} for code, name in settings.LANGUAGES],
        "defaultLanguage": settings.LANGUAGE_CODE,
        "lists": lists_offered(language=language),
        "aliases": {alias.value: kind.value for alias, kind in ALIAS_TYPES.items()},
        "texts": editor_texts(),
        "vendor": f"{settings.STATIC_URL}vendor",
        "pages": _pages(),
        "urls": {name: f"{base}{name}/" for name in names} | {"versions": f"{base}versions/"},
    }


def _pages() -> dict[str, str]:
    """Where people look at what a check names: addresses with 0 for its id. Legal entities have no
    page yet.
    """
    pages = {
        "contact": "contacts_contact_change",
        "changeRequest": "changerequests_changerequest_change",
    }
    return {kind: reverse(f"admin:{name}", args=[0]) for kind, name in pages.items()}


def _text(sent: Answer) -> str:
    schema = sent.get("schema")
    if not isinstance(schema, str):
        raise BadRequest("“schema” must be a text.")
    return schema


def _accepted(sent: Answer) -> UUID | None:
    """The check that the save names (S4)."""
    named = sent.get("acceptedCheck")
    if named is None:
        return None
    try:
        return UUID(named)
    except (ValueError, TypeError, AttributeError):
        raise BadRequest("“acceptedCheck” must be the id of a check.") from None


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _token(sent: Answer) -> int:
    token = sent.get("concurrencyToken")
    if type(token) is not int:
        raise BadRequest("“concurrencyToken” must be a whole number.")
    return token
