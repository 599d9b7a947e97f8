"""Middleware: one boundary around everything, and Django's own for the back office only.

The API has no sessions, cookies or pages, so Django's middleware would only cost it time: the
`BackOffice…` variants pass its paths straight through.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from axes.middleware import AxesMiddleware
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.translation import deactivate

from config.common import access_log, metrics
from config.common.correlation import (
    HEADER,
    accepted_or_new,
    bind_correlation_id,
    clear_correlation_id,
)
from config.common.exceptions import BadRequest, DomainError, ErrorKind, Forbidden, NotFound
from config.common.handlers import OAUTH_PREFIX, as_domain_error, error_response, respond_to
from config.common.problem_pages import BACK_OFFICE_PREFIX

API_PREFIXES = ("/v1.", "/graphql")
# Asked for every few seconds by machines; a line for each would drown the others.
QUIET_PREFIXES = ("/health/", "/metrics", "/static/")
_HTML_PREFIXES = (BACK_OFFICE_PREFIX, OAUTH_PREFIX)

GetResponse = Callable[[HttpRequest], HttpResponse]


def is_api(request: HttpRequest) -> bool:
    """Whether the request is for the REST or GraphQL API."""
    return request.path_info.startswith(API_PREFIXES)


class ApiBoundaryMiddleware:
    """Outermost: correlation id, host check, error boundary, access log line, metrics.

    A view may set `request.operation` (the contract's operation id) for log and metrics.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        correlation_id = accepted_or_new(request.META.get("HTTP_X_CORRELATION_ID"))
        clear_correlation_id()
        bind_correlation_id(correlation_id)
        response = self._answer(request)
        response.headers[HEADER] = correlation_id
        _report(request, response, correlation_id, time.perf_counter() - started)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Asked for exceptions of plain Django views; REST views answer their own."""
        return respond_to(request, exception)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return _without_html(request, self.get_response(request))
        try:
            _require_sound(request)
            response = _without_html(request, self.get_response(request))
        except (DomainError, DisallowedHost) as exc:
            response = error_response(as_domain_error(exc))
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        if not response.streaming and response.status_code != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(response.content))
        headers.setdefault("Cache-Control", "no-store")
        return response


def _require_sound(request: HttpRequest) -> None:
    """What Django's middleware checks elsewhere: the host, TLS; and what no address can hold."""
    host = request.META.get("HTTP_HOST")
    if settings.USE_X_FORWARDED_HOST or host is None or not _is_ours(host, *settings.ALLOWED_HOSTS):
        request.get_host()
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # A redirect would only hide that the token has just travelled in the clear.
        raise Forbidden("The API is served over TLS only.")
    if "\x00" in request.path_info:
        raise NotFound
    if "%00" in request.META["QUERY_STRING"]:
        raise BadRequest("A query parameter holds a NUL character.")


@lru_cache(maxsize=256)
def _is_ours(host: str, *allowed: str) -> bool:
    """Whether Django would take the header; it parses it with every request."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _without_html(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Replace an error page by `ApiError`; pages belong to the back office and to sign-in (F1).

    Django makes such pages where no handler of ours is asked: in debug mode and for a missing
    CSRF token.
    """
    if response.status_code < 400 or not response.headers["Content-Type"].startswith("text/html"):
        return response
    if request.path_info.startswith(_HTML_PREFIXES):
        return response
    error = DomainError()
    error.kind = _KINDS.get(response.status_code, ErrorKind.GENERAL)
    return error_response(error)


_KINDS = {kind.status: kind for kind in ErrorKind}


def _report(
    request: HttpRequest, response: HttpResponse, correlation_id: str, seconds: float
) -> None:
    """Never the path (it holds ids), the query or a body: the operation or the route instead."""
    match = request.resolver_match
    operation = getattr(request, "operation", None) or (match.route if match else "unmatched")
    metrics.observe(operation, request.method or "", response.status_code, seconds)
    if not request.path_info.startswith(QUIET_PREFIXES):
        access_log.write(
            operation=operation,
            method=request.method,
            status=response.status_code,
            seconds=seconds,
            correlation_id=correlation_id,
        )


class BackOfficeOnly:
    """Put before a middleware class of Django's shape: it then does nothing on API paths."""

    get_response: Any  # Any: each of Django's classes types it in its own way

    def __call__(self, request: HttpRequest) -> Any:  # Any: what the middleware returns
        if is_api(request):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]  # the class it is put before


class BackOfficeSecurityMiddleware(BackOfficeOnly, SecurityMiddleware):
    """TLS redirect, HSTS, nosniff, referrer policy."""


class BackOfficeSessionMiddleware(BackOfficeOnly, SessionMiddleware):
    """Sessions."""


class BackOfficeLocaleMiddleware(BackOfficeOnly, LocaleMiddleware):
    """The language of pages; API answers resolve theirs by rule Q3.

    Django leaves a thread in the language of its latest page: texts of an API request that comes
    next would be in it.
    """

    def __call__(self, request: HttpRequest) -> Any:  # Any: what the middleware returns
        try:
            return super().__call__(request)
        finally:
            deactivate()


class BackOfficeCommonMiddleware(BackOfficeOnly, CommonMiddleware):
    """Host check, slashes and lengths; the boundary checks the host of API requests."""


class BackOfficeCsrfMiddleware(BackOfficeOnly, CsrfViewMiddleware):
    """Cross-site request forgery; the API takes no cookies."""

    def process_view(self, request: HttpRequest, *arguments: Any) -> Any:  # Any: Django's signature
        """Nothing to check where `__call__` has prepared nothing."""
        return None if is_api(request) else super().process_view(request, *arguments)


class BackOfficeAuthenticationMiddleware(BackOfficeOnly, AuthenticationMiddleware):
    """`request.user` from the session."""


class BackOfficeMessageMiddleware(BackOfficeOnly, MessageMiddleware):
    """One-time messages."""


class BackOfficeAxesMiddleware(BackOfficeOnly, AxesMiddleware):
    """The answer to a locked-out sign-in."""


class BackOfficeClickjackingMiddleware(BackOfficeOnly, XFrameOptionsMiddleware):
    """No frames."""


class BackOfficeCspMiddleware(BackOfficeOnly, CSPMiddleware):
    """Content security policy; what the admin's theme needs is allowed below its path only."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:  # Any: csp's signature
        """The policy of the page at hand, unless a page asks for less than the theme does."""
        is_ours = request.path_info.startswith(BACK_OFFICE_PREFIX)
        if is_ours and not hasattr(response, "_csp_update"):
            response._csp_update = settings.BACK_OFFICE_CSP_UPDATE  # django-csp's own hook
        return super().process_response(request, response)
