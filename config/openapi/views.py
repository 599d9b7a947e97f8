"""The document and the two pages that show it. Public: they hold nothing of any client."""

import hashlib

from csp.constants import NONCE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition

from config.common.health import allow_reading_only
from config.openapi.committed import committed_text


def _entity_tag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(committed_text()).hexdigest()}"'


@cache_control(public=True, no_cache=True)
@condition(etag_func=_entity_tag)
def openapi_document(request: HttpRequest) -> HttpResponse:
    """The committed document. Raises MethodNotAllowed."""
    allow_reading_only(request)
    return HttpResponse(committed_text(), content_type="application/json")


def swagger_page(request: HttpRequest) -> HttpResponse:
    """Swagger UI: read the document and try operations out. Raises MethodNotAllowed."""
    allow_reading_only(request)
    return render(request, "api_docs/swagger.html")


# Redoc's styles are made in the browser; the nonce admits them and no other inline style.
@csp_update({"style-src": [NONCE]})
def redoc_page(request: HttpRequest) -> HttpResponse:
    """Redoc: read the document. Raises MethodNotAllowed."""
    allow_reading_only(request)
    return render(request, "api_docs/redoc.html")
