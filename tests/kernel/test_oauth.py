"""The token endpoint (A1, A3, F1): what an app gets for itself, with which scopes."""

import base64
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from oauth2_provider.models import AccessToken

from config.common import tokens
from config.common.access import SCOPES
from contacts.models import App
from contacts.oauth import AppScopes
from tests.kernel.oauth_calls import FORM, SECRET, ask, assert_refused, make_app, post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("kernel_urls"),
    pytest.mark.usefixtures("fresh_counts"),
]


@pytest.mark.usefixtures("robot")
def test_a3_an_app_gets_a_token_of_its_own(client: Client) -> None:
    response = ask(client)

    body = response.json()
    credentials = tokens.verify(body["access_token"])
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert (body["token_type"], body["expires_in"]) == ("Bearer", settings.ACCESS_TOKEN_SECONDS)
    assert "refresh_token" not in body
    assert (credentials.app_client_id, credentials.member_id) == ("robot", None)
    assert credentials.scopes == {"contacts.read", "exports"}
    [row] = AccessToken.objects.all()
    assert (row.token_checksum, row.user_id) == (credentials.token_checksum, None)
    assert row.token == ""


@pytest.mark.usefixtures("robot")
def test_a3_basic_authentication_works_too(client: Client) -> None:
    basic = base64.b64encode(f"robot:{SECRET}".encode()).decode()

    response = client.post(
        "/connect/token",
        "grant_type=client_credentials",
        FORM,
        headers={"Authorization": f"Basic {basic}"},
    )

    assert response.status_code == 200


@pytest.mark.usefixtures("robot")
def test_a1_an_app_can_ask_for_less(client: Client) -> None:
    token = ask(client, scope="exports").json()["access_token"]

    assert tokens.verify(token).scopes == {"exports"}


@pytest.mark.usefixtures("robot")
@pytest.mark.parametrize("asked", ["privacy", "exports privacy", "read", "openid"])
def test_a1_an_app_gets_no_scope_beyond_its_own(client: Client, asked: str) -> None:
    assert_refused(ask(client, scope=asked), 400, "invalid_scope")


def test_a1_an_app_without_scopes_gets_a_token_without_any(client: Client) -> None:
    make_app("bare", App.GRANT_CLIENT_CREDENTIALS, scopes=[])

    response = ask(client, "bare")

    assert tokens.verify(response.json()["access_token"]).scopes == frozenset()
    assert AppScopes().get_available_scopes() == []
    assert AppScopes().get_all_scopes() == SCOPES


@pytest.mark.usefixtures("robot")
@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "\x00"}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        (
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
            400,
            "unsupported_grant_type",
        ),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "unauthorized_client"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_a3_other_requests_are_refused(
    client: Client, form: dict[str, str], status: int, error: str
) -> None:
    assert_refused(ask(client, **form), status, error)


def test_a3_an_inactive_app_gets_no_token(client: Client, robot: App) -> None:
    App.objects.filter(pk=robot.pk).update(is_active=False)

    assert_refused(ask(client), 401, "invalid_client")


@pytest.mark.usefixtures("robot")
def test_f1_what_is_no_token_request_is_refused_in_json(client: Client) -> None:
    big = {"grant_type": "client_credentials", "scope": "x" * 70_000}

    assert_refused(post(client, "/connect/token", scope="x"), 400, "invalid_request")
    assert_refused(post(client, "/connect/token", grant_type="x"), 400, "unsupported_grant_type")
    assert_refused(client.get("/connect/token"), 405, "invalid_request")
    assert_refused(client.post("/connect/token", b"{}", "application/json"), 400, "invalid_request")
    assert_refused(
        client.post("/connect/token", "a=b", f"{FORM}; charset=latin-1"), 400, "invalid_request"
    )
    assert_refused(post(client, "/connect/token", **big), 413, "invalid_request")
    assert client.get("/connect/token")["Allow"] == "POST"
    assert client.post("/connect/token/").status_code == 404


@pytest.mark.usefixtures("robot", "one_minute")
def test_the_token_endpoint_is_throttled_per_client(client: Client, settings: Any) -> None:
    settings.TOKEN_THROTTLE = {"per_client_per_minute": 2, "per_address_per_minute": 100}

    answers = [ask(client) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"] == "temporarily_unavailable"
    assert answers[2]["Retry-After"] == "30"
    assert ask(client, "another").status_code == 401


@pytest.mark.usefixtures("robot", "one_minute")
def test_the_token_endpoint_is_throttled_per_address(client: Client, settings: Any) -> None:
    settings.TOKEN_THROTTLE = {"per_client_per_minute": 100, "per_address_per_minute": 2}

    statuses = [ask(client, f"app-{number}").status_code for number in range(3)]
    spoofed = client.post(
        "/connect/token",
        "grant_type=client_credentials",
        FORM,
        headers={"X-Forwarded-For": "9.9.9.9"},
    )
    elsewhere = client.post(
        "/connect/token", "grant_type=client_credentials", FORM, REMOTE_ADDR="9.9.9.9"
    )

    assert statuses == [401, 401, 429]
    assert (spoofed.status_code, elsewhere.status_code) == (429, 401)


@pytest.mark.parametrize("sent", ["Basic !!!", "Basic /w==", "Basic", "Bearer x"])
def test_f1_broken_credentials_are_refused(client: Client, sent: str) -> None:
    response = client.post(
        "/connect/token", "grant_type=client_credentials", FORM, headers={"Authorization": sent}
    )

    assert_refused(response, 401, "invalid_client")
