"""Every failure answers ApiError in JSON and tells nothing it should not (F1, F2)."""

import io
import json
import re

import pytest
import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from config.common import handlers
from config.common.correlation import clear_correlation_id
from config.common.exceptions import (
    DomainError,
    ErrorKind,
    ServiceUnavailable,
    Unauthorized,
)

pytestmark = pytest.mark.urls("kernel_urls")
GOOD = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def web() -> Client:
    return Client(raise_request_exception=False)


def assert_api_error(response: HttpResponse, status: int, code: str) -> dict[str, object]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    body: dict[str, object] = json.loads(response.content)
    assert body["code"] == code
    assert re.fullmatch("[0-9a-f]{32}", str(body["correlationId"]))
    assert body["correlationId"] == response["X-Correlation-ID"]
    assert b"secret" not in response.content
    return body


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("conflict", 409, "Conflict"),
        ("throttled", 429, "TooManyRequests"),
        ("django-404", 404, "NotFound"),
        ("django-403", 403, "Forbidden"),
        ("django-400", 400, "BadRequest"),
        ("suspicious", 400, "BadRequest"),
        ("crash", 500, "General"),
        ("memory", 500, "General"),
        ("recursion", 500, "General"),
        ("rest-parse", 400, "BadRequest"),
        ("rest-401", 401, "Unauthorized"),
        ("rest-403", 403, "Forbidden"),
        ("rest-404", 404, "NotFound"),
        ("rest-405", 405, "MethodNotAllowed"),
        ("rest-406", 406, "NotAcceptable"),
        ("rest-415", 415, "UnsupportedMediaType"),
        ("rest-429", 429, "TooManyRequests"),
        ("rest-429-plain", 429, "TooManyRequests"),
        ("rest-500", 500, "General"),
        ("rest-invalid", 400, "BadRequest"),
    ],
)
@pytest.mark.parametrize("route", ["/v1.1/rest/", "/v1.1/plain/", "/plain/"])
def test_f1_failures_of_views_answer_api_error(
    web: Client, route: str, name: str, status: int, code: str
) -> None:
    assert_api_error(web.get(route + name), status, code)


def test_f1_api_error_carries_sub_code_properties_and_headers(web: Client) -> None:
    response = web.get("/v1.1/rest/conflict", headers={"X-Correlation-ID": GOOD})

    assert json.loads(response.content) == {
        "code": "Conflict",
        "subCode": "NA",
        "message": "Taken.",
        "correlationId": GOOD,
        "properties": {"id": 7},
    }
    assert response["X-Change-Request-Id"] == "7"


def test_f2_refusals_carry_the_headers_that_http_asks_for(web: Client) -> None:
    assert web.get("/v1.1/rest/rest-401")["WWW-Authenticate"] == "Bearer"
    allowed = web.post("/v1.1/rest/rest-401")["Allow"]
    assert set(allowed.split(", ")) == {"GET", "OPTIONS"}
    assert web.get("/v1.1/rest/throttled")["Retry-After"] == "9"
    assert web.get("/v1.1/rest/rest-429")["Retry-After"] == "13"
    assert web.get("/v1.1/rest/rest-429-plain")["Retry-After"] == "1"


def test_f1_validation_errors_of_rest_framework_keep_path_and_code_only(web: Client) -> None:
    body = assert_api_error(web.get("/v1.1/rest/rest-invalid"), 400, "BadRequest")

    assert body["properties"] == {
        "errors": [
            {"path": "name", "code": "Invalid", "message": "The value is not valid."},
            {"path": "rows.city", "code": "NotAList", "message": "The value is not valid."},
        ]
    }


@pytest.mark.parametrize("path", ["/", "/v1.1/unknown", "/v9.9/x", "//v1.1/operation", "/v1.1/"])
def test_f1_unknown_addresses_answer_api_error(web: Client, path: str) -> None:
    assert_api_error(web.get(path), 404, "NotFound")
    assert_api_error(web.post(path, {}), 404, "NotFound")


@pytest.mark.parametrize("path", ["/v1.1/operation", "/plain/crash", "/unknown"])
def test_ad10_unknown_hosts_are_refused(web: Client, path: str) -> None:
    assert_api_error(web.get(path, headers={"Host": "evil.example"}), 400, "BadRequest")


def test_ad10_a_forwarded_host_counts_for_nothing(web: Client) -> None:
    assert (
        web.get("/v1.1/operation", headers={"X-Forwarded-Host": "evil.example"}).status_code == 200
    )


@pytest.mark.django_db
def test_f1_in13_database_errors_leak_nothing_into_answer_or_log(web: Client) -> None:
    with capture_logs() as lines:
        assert_api_error(web.get("/v1.1/rest/constraint"), 500, "General")

    [line] = [line for line in lines if line["event"] == "database_failed"]
    assert line["error"] == "CheckViolation"
    assert line["sqlstate"] == "23514"
    assert line["constraint"] == "common_idempotencykey_status_check"
    assert "kernel_urls.py" in line["exception"]
    assert "secret" not in repr({**line, "exception": line["exception"]})


@pytest.mark.django_db
def test_f2_a_statement_that_takes_too_long_is_503(web: Client) -> None:
    with capture_logs() as lines:
        response = web.get("/v1.1/rest/statement")

    assert_api_error(response, 503, "ServiceUnavailable")
    assert response["Retry-After"] == "5"
    assert [line["sqlstate"] for line in lines if line["event"] == "database_failed"] == ["57014"]


@pytest.mark.parametrize("error", [OperationalError("secret"), InterfaceError("secret")])
def test_f2_in01_a_database_that_is_away_is_503(error: Exception) -> None:
    with capture_logs() as lines:
        answer = handlers.as_domain_error(error)

    assert isinstance(answer, ServiceUnavailable)
    assert answer.headers == {"Retry-After": "5"}
    assert lines[0]["sqlstate"] is None
    assert "secret" not in repr(lines)


def test_f1_in13_crashes_are_logged_under_the_correlation_id(web: Client) -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        response = web.get("/v1.1/plain/crash", headers={"X-Correlation-ID": GOOD})

    assert_api_error(response, 500, "General")
    failures = [line for line in lines if line["event"] == "request_failed"]
    assert [(line["error"], line["correlation_id"]) for line in failures] == [("ValueError", GOOD)]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RequestDataTooBig(), ErrorKind.PAYLOAD_TOO_LARGE),
        (UnreadablePostError(), ErrorKind.BAD_REQUEST),
        (DomainError("x"), ErrorKind.GENERAL),
    ],
)
def test_f2_failures_while_reading_a_body(error: Exception, kind: ErrorKind) -> None:
    assert handlers.as_domain_error(error).kind is kind


def test_f2_a_challenge_can_say_more() -> None:
    error = Unauthorized("x", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})

    assert error.headers == {"WWW-Authenticate": 'Bearer error="invalid_token"'}


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("suspicious", 400, "invalid_request"),
        ("crash", 500, "server_error"),
        ("conflict", 409, "server_error"),
    ],
)
def test_f1_oauth_endpoints_answer_in_their_own_form(
    web: Client, name: str, status: int, error: str
) -> None:
    response = web.get(f"/connect/plain/{name}")

    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["error"] == error


def test_f2_in01_the_token_endpoint_says_when_to_come_back() -> None:
    request = RequestFactory().post("/connect/token")

    response = handlers.respond_to(request, OperationalError())

    assert response is not None
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert json.loads(response.content)["error"] == "temporarily_unavailable"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/admin/unknown", 404), ("/admin/plain/django-403", 403), ("/admin/plain/suspicious", 400)],
)
def test_the_back_office_keeps_its_pages(web: Client, path: str, status: int) -> None:
    response = web.get(path)

    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_a_crash_of_the_back_office_is_a_page_and_a_log_line(web: Client) -> None:
    with capture_logs() as lines:
        response = web.get("/admin/plain/crash")

    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")
    assert [line["error"] for line in lines if line["event"] == "request_failed"] == ["ValueError"]


def test_f1_a_500_without_a_view_s_exception_is_an_api_error() -> None:
    clear_correlation_id()

    response = handlers.handler500(RequestFactory().get("/x"))

    assert response.status_code == 500
    assert json.load(io.BytesIO(response.content))["code"] == "General"
