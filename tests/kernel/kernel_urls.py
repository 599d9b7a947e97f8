"""Routes that fail in every way that a route can fail."""

from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import exceptions as rest
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.common import handlers
from config.common.exceptions import Conflict, TooManyRequests


def raise_recursion() -> None:
    raise_recursion()


def break_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_idempotencykey (caller, key_hash, fingerprint, status, body,"
            " headers, created_at, expires_at)"
            " VALUES ('secret-caller', '', '', -1, '', '{}', now(), now())"
        )


def cancel_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)")


FAILURES: dict[str, object] = {
    "conflict": Conflict("Taken.", properties={"id": 7}, headers={"X-Change-Request-Id": "7"}),
    "throttled": TooManyRequests(headers={"Retry-After": "9"}),
    "django-404": Http404("secret"),
    "django-403": PermissionDenied("secret"),
    "django-400": DjangoBadRequest("secret"),
    "suspicious": SuspiciousOperation("secret"),
    "crash": ValueError("secret"),
    "memory": MemoryError(),
    "recursion": raise_recursion,
    "constraint": break_constraint,
    "statement": cancel_statement,
    "rest-parse": rest.ParseError("secret"),
    "rest-401": rest.NotAuthenticated(),
    "rest-403": rest.PermissionDenied("secret"),
    "rest-404": rest.NotFound("secret"),
    "rest-405": rest.MethodNotAllowed("secret"),
    "rest-406": rest.NotAcceptable("secret"),
    "rest-415": rest.UnsupportedMediaType("secret"),
    "rest-429": rest.Throttled(wait=12.4),
    "rest-429-plain": rest.Throttled(),
    "rest-500": rest.APIException("secret"),
    "rest-invalid": rest.ValidationError(
        {"name": ["secret"], "rows": [{}, {"city": rest.ErrorDetail("secret", "not_a_list")}]}
    ),
}


def fail(name: str) -> None:
    failure = FAILURES[name]
    if isinstance(failure, Exception):
        raise failure
    assert callable(failure)
    failure()


@api_view(["GET"])
@permission_classes([AllowAny])
def rest_view(request: Request, name: str) -> Response:
    fail(name)
    return Response({})


def plain_view(request: HttpRequest, name: str) -> HttpResponse:
    fail(name)
    return HttpResponse("fine")


def page_view(request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse("<h1>page</h1>", status=status)


def operation_view(request: HttpRequest) -> HttpResponse:
    request.operation = "getThing"  # type: ignore[attr-defined] - as the REST base does
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [
    path("v1.1/rest/<str:name>", rest_view),
    path("v1.1/plain/<str:name>", plain_view),
    path("v1.1/page/<int:status>", page_view),
    path("v1.1/operation", operation_view),
    path("plain/<str:name>", plain_view),
    path("page/<int:status>", page_view),
    path("admin/plain/<str:name>", plain_view),
    path("admin/page/<int:status>", page_view),
    path("admin/", include(([path("login/", page_view, {"status": 200}, "login")], "admin"))),
    path("connect/plain/<str:name>", plain_view),
    path("", include("config.oauth_urls")),
]
handler400, handler403, handler404, handler500 = (
    handlers.handler400,
    handlers.handler403,
    handlers.handler404,
    handlers.handler500,
)
