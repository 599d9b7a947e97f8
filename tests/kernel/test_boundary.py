"""The outermost middleware and the back-office variants (F1; threats AZ-18, AD-10)."""

import json
import logging
import re
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from config.common import metrics

pytestmark = pytest.mark.urls("kernel_urls")
GOOD = "0123456789abcdef0123456789abcdef"


def test_f1_every_answer_carries_a_correlation_id(client: Client) -> None:
    fresh = client.get("/v1.1/operation")["X-Correlation-ID"]
    kept = client.get("/v1.1/operation", headers={"X-Correlation-ID": GOOD})["X-Correlation-ID"]
    replaced = client.get("/unknown", headers={"X-Correlation-ID": "x" * 32})["X-Correlation-ID"]

    assert re.fullmatch("[0-9a-f]{32}", fresh)
    assert kept == GOOD
    assert re.fullmatch("[0-9a-f]{32}", replaced)
    assert fresh != replaced


@pytest.mark.parametrize(
    ("host", "status"),
    [("testserver", 200), ("LOCALHOST:8000", 200), ("evil.example", 400), ("a b", 400), ("", 400)],
)
def test_ad10_the_host_header_must_be_one_of_ours(client: Client, host: str, status: int) -> None:
    for _ in range(2):
        assert client.get("/v1.1/operation", headers={"Host": host}).status_code == status


def test_ad10_a_proxy_s_host_counts_only_where_it_is_set_to(client: Client, settings: Any) -> None:
    headers = {"Host": "testserver", "X-Forwarded-Host": "evil.example"}
    assert client.get("/v1.1/operation", headers=headers).status_code == 200

    settings.USE_X_FORWARDED_HOST = True

    assert client.get("/v1.1/operation", headers=headers).status_code == 400


def test_api_answers_are_never_stored_sniffed_or_given_cookies(client: Client) -> None:
    response = client.get("/v1.1/operation")

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "Content-Security-Policy" not in response
    assert "X-Frame-Options" not in response


@pytest.mark.django_db
def test_pages_get_django_s_middleware(client: Client) -> None:
    page = client.get("/admin/page/200")
    other = client.get("/page/200")

    assert page["X-Frame-Options"] == other["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "'unsafe-eval'" in page["Content-Security-Policy"]
    assert "'unsafe-eval'" not in other["Content-Security-Policy"]


def test_the_api_takes_posts_without_csrf_token() -> None:
    web = Client(enforce_csrf_checks=True)

    assert web.post("/v1.1/operation").status_code == 200
    assert web.post("/page/200").status_code == 403


def test_f1_a_page_is_never_the_answer_to_an_error(client: Client) -> None:
    web = Client(enforce_csrf_checks=True)

    for response, status, code in [
        (client.get("/v1.1/page/404"), 404, "NotFound"),
        (client.get("/page/418"), 500, "General"),
        (web.post("/page/200"), 403, "Forbidden"),
    ]:
        assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.django_db
def test_pages_of_back_office_and_sign_in_stay_pages(client: Client) -> None:
    assert client.get("/admin/page/404").content == b"<h1>page</h1>"
    assert client.get("/page/200").content == b"<h1>page</h1>"


def test_m07_nul_characters_in_addresses_are_refused(client: Client) -> None:
    assert client.get("/v1.1/plain/a%00b").status_code == 404
    assert client.get("/v1.1/operation?filter=%00").status_code == 400


def test_az18_spoofing_headers_change_nothing(client: Client) -> None:
    response = client.get(
        "/v1.1/operation",
        headers={
            "X-HTTP-Method-Override": "DELETE",
            "X-Forwarded-User": "petra",
            "X-Forwarded-For": "10.0.0.1",
        },
    )

    assert response.status_code == 200
    assert client.get("/v1.1/operation;jsessionid=1").status_code == 404
    assert client.get("/v1.1/operation/").status_code == 404


def test_the_api_is_refused_without_tls_where_tls_is_required(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/v1.1/operation").status_code == 403
    assert client.get("/v1.1/operation", secure=True).status_code == 200


def test_one_line_per_request_without_path_query_or_body(
    client: Client, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, logger="access")

    client.get("/v1.1/rest/conflict?name=secret", headers={"X-Correlation-ID": GOOD})
    client.post("/v1.1/operation", b"secret", "text/plain")
    client.get("/secret/secret")
    client.get("/health/live")

    output = capsys.readouterr().out
    lines = [json.loads(line) for line in output.splitlines()]
    assert [(line["operation"], line["method"], line["status"]) for line in lines] == [
        ("v1.1/rest/<str:name>", "GET", 409),
        ("getThing", "POST", 200),
        ("unmatched", "GET", 404),
    ]
    assert "secret" not in output
    assert lines[0] == {
        "event": "request",
        "operation": "v1.1/rest/<str:name>",
        "method": "GET",
        "status": 409,
        "duration_ms": lines[0]["duration_ms"],
        "correlation_id": GOOD,
        "logger": "access",
        "level": "info",
        "timestamp": lines[0]["timestamp"],
    }
    assert re.fullmatch(r"[0-9T:.-]+Z", lines[0]["timestamp"])


def test_readable_logs_have_the_same_line(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    caplog.set_level(logging.INFO, logger="access")
    settings.LOGGING = {**settings.LOGGING, "renderer": "console"}

    with capture_logs() as lines:
        client.get("/v1.1/operation")

    assert [(line["event"], line["operation"], line["status"]) for line in lines] == [
        ("request", "getThing", 200)
    ]


def test_no_line_below_the_configured_level(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/v1.1/operation")

    assert capsys.readouterr().out == ""


def test_every_request_is_counted(client: Client) -> None:
    client.get("/v1.1/operation")

    series = metrics.REGISTRY.get_sample_value(
        "http_request_seconds_count",
        {"operation": "getThing", "method": "GET", "status": "200"},
    )
    assert series is not None
    assert series >= 1
