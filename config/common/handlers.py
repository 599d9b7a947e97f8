"""From exceptions to answers: the one place that makes `ApiError` (rules F1, F2).

REST views use `api_exception_handler`, `config.urls` the `handler…` functions, and the boundary
middleware `respond_to` for whatever else fails.
"""

import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import structlog
from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views import defaults
from django.views.csrf import csrf_failure as django_csrf_failure
from rest_framework import exceptions as rest

from config.common.correlation import correlation_id
from config.common.exceptions import (
    BadRequest,
    DomainError,
    FieldError,
    Forbidden,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PayloadTooLarge,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnsupportedMediaType,
    fields_error,
)
from config.common.json import dumps
from config.common.logging import describe_exception
from config.common.problem_pages import BACK_OFFICE_PREFIX, form_too_old_page, problem_page

OAUTH_PREFIX = "/connect/"
RETRY_AFTER_SECONDS = 5

_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_DATABASE = (DatabaseError, psycopg.Error)
log = structlog.get_logger(__name__)


def error_response(error: DomainError) -> HttpResponse:
    """`error` as the contract's ApiError, with the status of its kind and its headers."""
    body: dict[str, object] = {
        "code": error.kind.code,
        "subCode": error.sub_code,
        "message": str(error.message),
        "correlationId": correlation_id(),
    }
    if error.properties is not None:
        body["properties"] = error.properties
    return HttpResponse(
        dumps(body),
        status=error.kind.status,
        content_type="application/json",
        headers=dict(error.headers),
    )


def oauth_error_response(status: int, error: str, description: str, **headers: str) -> HttpResponse:
    """An error as RFC 6749 (section 5.2) has it; `Retry_After=` becomes the header Retry-After."""
    return HttpResponse(
        dumps({"error": error, "error_description": description}),
        status=status,
        content_type="application/json",
        headers={
            "Cache-Control": "no-store",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


def api_exception_handler(
    exc: Exception,
    context: dict[str, Any],  # Any: DRF's signature
) -> HttpResponse:
    """The answer to whatever a REST view raised (DRF's `EXCEPTION_HANDLER`). Never None."""
    error = as_domain_error(exc)
    if isinstance(error, MethodNotAllowed) and not error.headers:
        error.headers = {"Allow": ", ".join(sorted(context["view"].allowed_methods))}
    return error_response(error)


def respond_to(request: HttpRequest, exc: Exception) -> HttpResponse | None:
    """The answer to `exc` outside of REST views; None where Django's own pages are right."""
    if request.path_info.startswith(BACK_OFFICE_PREFIX):
        return None
    error = as_domain_error(exc)
    if not request.path_info.startswith(OAUTH_PREFIX):
        return error_response(error)
    names = {400: "invalid_request", 503: "temporarily_unavailable"}
    name = names.get(error.kind.status, "server_error")
    headers = {key.replace("-", "_"): value for key, value in error.headers.items()}
    return oauth_error_response(error.kind.status, name, str(error.message), **headers)


def as_domain_error(exc: BaseException) -> DomainError:
    """What `exc` means to a caller; failures of ours are logged here, once.

    Unknown exceptions become 500 `General`; a database that is away, or too busy, 503.
    """
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, rest.APIException):
        return _from_rest(exc)
    for types, make in _DJANGO:
        if isinstance(exc, types):
            return make()
    _log_failure(exc)
    if isinstance(exc, _AWAY):
        return ServiceUnavailable(headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return DomainError("An unexpected error occurred.")


_DJANGO: tuple[tuple[type[Exception] | tuple[type[Exception], ...], type[DomainError]], ...] = (
    (Http404, NotFound),
    (PermissionDenied, Forbidden),
    (RequestDataTooBig, PayloadTooLarge),
    # The client went away, or sent less than it announced, or names a host that is not ours.
    ((SuspiciousOperation, DjangoBadRequest, UnreadablePostError), BadRequest),
)


def _from_rest(exc: rest.APIException) -> DomainError:
    """DRF's texts can repeat what the client sent, so they are replaced by ours."""
    if isinstance(exc, rest.ValidationError):
        return fields_error(*_field_errors(exc.get_codes(), ""))
    if isinstance(exc, rest.Throttled):
        seconds = getattr(exc, "wait", None) or 1
        return TooManyRequests(headers={"Retry-After": str(seconds)})
    for rest_type, error_type in _REST.items():
        if isinstance(exc, rest_type):
            return error_type()
    return DomainError("An unexpected error occurred.")


_REST: dict[type[rest.APIException], type[DomainError]] = {
    rest.ParseError: BadRequest,
    rest.NotAuthenticated: Unauthorized,
    rest.AuthenticationFailed: Unauthorized,
    rest.PermissionDenied: Forbidden,
    rest.NotFound: NotFound,
    rest.MethodNotAllowed: MethodNotAllowed,
    rest.NotAcceptable: NotAcceptable,
    rest.UnsupportedMediaType: UnsupportedMediaType,
}


def _field_errors(codes: object, path: str) -> Iterator[FieldError]:
    """DRF nests error codes as the data is nested; ours have dotted paths."""
    if isinstance(codes, dict):
        for name, nested in codes.items():
            yield from _field_errors(nested, f"{path}.{name}" if path else str(name))
    elif isinstance(codes, list):
        for nested in codes:
            yield from _field_errors(nested, path)
    else:
        code = "".join(word.capitalize() for word in str(codes).split("_"))
        yield FieldError(path, code, "The value is not valid.")


def _log_failure(exc: BaseException) -> None:
    """With the places it passed; a database's text repeats the row, so only its codes are kept."""
    if not isinstance(exc, _DATABASE):
        log.error("request_failed", error=type(exc).__qualname__, exc_info=exc)
        return
    cause = exc if isinstance(exc, psycopg.Error) else exc.__cause__
    diagnostics = cause.diag if isinstance(cause, psycopg.Error) else None
    log.error(
        "database_failed",
        error=type(cause or exc).__qualname__,
        sqlstate=diagnostics and diagnostics.sqlstate,
        constraint=diagnostics and diagnostics.constraint_name,
        exception=describe_exception(exc),
    )


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400, also for hosts that are not ours."""
    return respond_to(request, exception) or defaults.bad_request(request, exception)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403; in the back office a page with a way on."""
    answer = respond_to(request, exception) or problem_page(request, 403)
    return answer or defaults.permission_denied(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form without its token; to a reader it says what happened."""
    return form_too_old_page(request) or django_csrf_failure(request, reason)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404: an unknown address; in the back office a page with a way on."""
    answer = respond_to(request, exception) or problem_page(request, 404)
    return answer or defaults.page_not_found(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    """Django's 500, called while the exception is handled."""
    exc = sys.exc_info()[1]
    failure = exc if isinstance(exc, Exception) else RuntimeError()
    answer = respond_to(request, failure)
    if answer is not None:
        return answer
    _log_failure(failure)
    return defaults.server_error(request)
