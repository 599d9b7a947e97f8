"""The OAuth2 endpoints (A1, A3, F1): who gets a token, with which scopes, how often."""

import base64
import hashlib
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from config import oauth_views
from config.common import tokens
from config.common.access import SCOPES
from contacts.models import App, Member
from contacts.oauth import AppScopes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("kernel_urls")]
FORM = "application/x-www-form-urlencoded"
SECRET = "app-secret-of-the-tests"
PASSWORD = "member-password-of-the-tests"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
REDIRECT = "https://console.example.com/back"


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    oauth_views.by_address.reset()
    oauth_views.by_client.reset()
    cache.clear()


def make_app(client_id: str, grant: str, **changes: Any) -> App:
    app: App = App.objects.create(
        client_id=client_id,
        client_secret=SECRET,
        client_type=App.CLIENT_CONFIDENTIAL,
        authorization_grant_type=grant,
        **{"scopes": ["contacts.read", "exports"], **changes},
    )
    return app


@pytest.fixture
def robot() -> App:
    return make_app("robot", App.GRANT_CLIENT_CREDENTIALS)


@pytest.fixture
def console() -> App:
    return make_app("console", App.GRANT_PASSWORD)


@pytest.fixture
def portal() -> App:
    return make_app("portal", App.GRANT_AUTHORIZATION_CODE, redirect_uris=REDIRECT, name="Portal")


@pytest.fixture
def anna() -> Member:
    return Member.objects.create_user("anna", password=PASSWORD, is_staff=True)


def post(client: Client, path: str, **form: str) -> HttpResponse:
    return client.post(path, urlencode(form), FORM)


def ask(client: Client, app_id: str = "robot", **form: str) -> HttpResponse:
    defaults = {
        "grant_type": "client_credentials",
        "client_id": app_id,
        "client_secret": SECRET,
    }
    return post(client, "/connect/token", **{**defaults, **form})


def sign_in(client: Client, **form: str) -> HttpResponse:
    defaults = {"grant_type": "password", "username": "anna", "password": PASSWORD}
    return ask(client, "console", **{**defaults, **form})


def assert_refused(response: HttpResponse, status: int, error: str) -> None:
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response["Content-Type"].startswith("application/json")
    assert response["Cache-Control"] == "no-store"
    assert not AccessToken.objects.exists()


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


@pytest.mark.usefixtures("robot", "anna")
def test_a3_members_sign_in_through_apps_made_for_it_only(client: Client) -> None:
    form = {"grant_type": "password", "username": "anna", "password": PASSWORD}

    assert_refused(ask(client, **form), 400, "unauthorized_client")


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


@pytest.mark.usefixtures("console")
def test_a3_a_member_signs_in_with_password(client: Client, anna: Member) -> None:
    body = sign_in(client).json()

    credentials = tokens.verify(body["access_token"])
    assert (credentials.app_client_id, credentials.member_id) == ("console", anna.pk)
    assert credentials.scopes == {"contacts.read", "exports"}
    with pytest.raises(tokens.Unauthorized):
        tokens.verify(body["refresh_token"])


@pytest.mark.usefixtures("console", "anna")
def test_a3_the_password_grant_needs_its_setting(client: Client, settings: Any) -> None:
    settings.ALLOW_PASSWORD_GRANT = False

    assert_refused(sign_in(client), 400, "unsupported_grant_type")


@pytest.mark.usefixtures("console", "anna")
@pytest.mark.parametrize("form", [{"password": "wrong"}, {"username": "nobody"}])
def test_a3_wrong_passwords_are_refused(client: Client, form: dict[str, str]) -> None:
    assert_refused(sign_in(client, **form), 400, "invalid_grant")


@pytest.mark.usefixtures("console")
def test_a3_an_inactive_member_cannot_sign_in(client: Client, anna: Member) -> None:
    Member.objects.filter(pk=anna.pk).update(is_active=False)

    assert_refused(sign_in(client), 400, "invalid_grant")


@pytest.mark.usefixtures("console", "anna")
def test_ad08_wrong_passwords_lock_out_at_the_token_endpoint_too(client: Client) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, password="wrong")

    assert_refused(sign_in(client), 400, "invalid_grant")
    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"


def refresh(client: Client, token: str, app_id: str = "console", **form: str) -> HttpResponse:
    return ask(client, app_id, grant_type="refresh_token", refresh_token=token, **form)


@pytest.mark.usefixtures("console")
def test_a3_a_refreshed_token_replaces_the_old_one(client: Client, anna: Member) -> None:
    first = sign_in(client).json()

    second = refresh(client, first["refresh_token"]).json()

    assert tokens.verify(second["access_token"]).member_id == anna.pk
    assert second["refresh_token"] != first["refresh_token"]
    [row] = AccessToken.objects.all()
    assert row.token_checksum == tokens.verify(second["access_token"]).token_checksum
    assert refresh(client, first["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.usefixtures("console")
def test_a3_an_inactive_member_cannot_refresh(client: Client, anna: Member) -> None:
    first = sign_in(client).json()
    Member.objects.filter(pk=anna.pk).update(is_active=False)

    response = refresh(client, first["refresh_token"])

    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


@pytest.mark.usefixtures("anna")
def test_a1_a_scope_that_an_app_lost_is_not_refreshed(client: Client, console: App) -> None:
    first = sign_in(client).json()
    App.objects.filter(pk=console.pk).update(scopes=["exports", "imports"])

    second = refresh(client, first["refresh_token"]).json()
    third = refresh(client, second["refresh_token"], scope="contacts.read")

    assert tokens.verify(second["access_token"]).scopes == {"exports"}
    assert third.json()["error"] == "invalid_scope"


AUTHORIZE = {
    "response_type": "code",
    "client_id": "portal",
    "redirect_uri": REDIRECT,
    "state": "s",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def consent(client: Client, **form: str) -> HttpResponse:
    asked = {**AUTHORIZE, "scope": "contacts.read exports"}
    return post(client, f"/connect/authorize?{urlencode(AUTHORIZE)}", **{**asked, **form})


def code_of(response: HttpResponse) -> str:
    assert response.status_code == 302, response.content
    return parse_qs(urlsplit(response["Location"]).query)["code"][0]


def exchange(client: Client, code: str, **form: str) -> HttpResponse:
    defaults = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    return ask(client, "portal", **{**defaults, **form})


@pytest.mark.usefixtures("portal")
def test_a3_strangers_are_sent_to_sign_in(client: Client) -> None:
    response = client.get(f"/connect/authorize?{urlencode(AUTHORIZE)}")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=/connect/authorize")


@pytest.mark.usefixtures("portal")
def test_a3_a_member_is_asked_before_an_app_may_act(client: Client, anna: Member) -> None:
    client.force_login(anna)

    page = client.get(f"/connect/authorize?{urlencode(AUTHORIZE)}")

    text = page.content.decode()
    assert page.status_code == 200
    assert "Allow Portal to act for you?" in text
    assert SCOPES["contacts.read"] in text
    assert SCOPES["privacy"] not in text
    policy = page["Content-Security-Policy"]
    assert "form-action 'self' https://console.example.com" in policy


@pytest.mark.usefixtures("portal")
def test_a3_the_code_with_its_verifier_gives_a_member_s_token(client: Client, anna: Member) -> None:
    client.force_login(anna)

    code = code_of(consent(client, allow="true"))
    response = exchange(client, code)

    credentials = tokens.verify(response.json()["access_token"])
    assert (credentials.app_client_id, credentials.member_id) == ("portal", anna.pk)
    assert credentials.scopes == {"contacts.read", "exports"}
    assert exchange(client, code).json()["error"] == "invalid_grant"


@pytest.mark.usefixtures("portal")
def test_a3_refusing_gives_no_code(client: Client, anna: Member) -> None:
    client.force_login(anna)

    location = consent(client)["Location"]

    assert parse_qs(urlsplit(location).query)["error"] == ["access_denied"]


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "privacy"}, "invalid_scope"),
    ],
)
def test_a3_requests_without_pkce_or_beyond_the_app_give_no_code(
    client: Client, anna: Member, change: dict[str, str], error: str
) -> None:
    client.force_login(anna)
    query = {**AUTHORIZE, "scope": "exports", **change}
    address = f"/connect/authorize?{urlencode(query)}"

    shown = client.get(address)
    sent = post(client, address, **{**query, "allow": "true"})

    for response in (shown, sent):
        assert f"error={error}" in response["Location"]
    assert not Grant.objects.exists()


@pytest.mark.usefixtures("portal")
def test_a3_an_incomplete_consent_is_a_page_and_no_code(client: Client, anna: Member) -> None:
    client.force_login(anna)

    page = post(client, f"/connect/authorize?{urlencode(AUTHORIZE)}", allow="true")

    assert "Access cannot be given" in page.content.decode()
    assert not Grant.objects.exists()


@pytest.mark.usefixtures("portal")
def test_a3_another_redirect_address_is_a_page_and_no_redirect(
    client: Client, anna: Member
) -> None:
    client.force_login(anna)

    query = urlencode({**AUTHORIZE, "redirect_uri": "https://evil.example/"})
    page = client.get(f"/connect/authorize?{query}")

    assert page.status_code == 400
    assert "Access cannot be given" in page.content.decode()


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    "form", [{"code_verifier": "w" * 64}, {"redirect_uri": "https://x.example"}]
)
def test_a3_a_stolen_code_is_useless(client: Client, anna: Member, form: dict[str, str]) -> None:
    client.force_login(anna)

    response = exchange(client, code_of(consent(client, allow="true")), **form)

    assert response.status_code in {400, 401}
    assert not AccessToken.objects.exists()


@pytest.mark.usefixtures("portal")
def test_a3_a_member_who_was_deactivated_meanwhile_gets_no_token(
    client: Client, anna: Member
) -> None:
    client.force_login(anna)
    code = code_of(consent(client, allow="true"))
    Member.objects.filter(pk=anna.pk).update(is_active=False)

    assert_refused(exchange(client, code), 400, "invalid_grant")


def test_a1_scopes_that_an_app_lost_meanwhile_are_not_given(
    client: Client, anna: Member, portal: App
) -> None:
    client.force_login(anna)
    code = code_of(consent(client, allow="true"))
    App.objects.filter(pk=portal.pk).update(scopes=["exports"])

    token = exchange(client, code).json()["access_token"]

    assert tokens.verify(token).scopes == {"exports"}


def test_a_native_app_s_scheme_is_a_form_target() -> None:
    assert oauth_views._origin("com.example.app:/back") == "com.example.app:"


@pytest.mark.usefixtures("console", "anna")
def test_a3_revoking_removes_the_token_and_its_refresh_token(client: Client) -> None:
    body = sign_in(client).json()

    response = post(
        client,
        "/connect/revoke",
        client_id="console",
        client_secret=SECRET,
        token=body["access_token"],
    )

    assert response.status_code == 200
    assert not AccessToken.objects.exists()
    assert not RefreshToken.objects.filter(revoked=None).exists()
    assert refresh(client, body["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.usefixtures("robot")
def test_a3_only_the_app_itself_can_revoke(client: Client) -> None:
    make_app("other", App.GRANT_CLIENT_CREDENTIALS)
    token = ask(client).json()["access_token"]

    post(client, "/connect/revoke", client_id="other", client_secret=SECRET, token=token)
    refused = post(client, "/connect/revoke", client_id="robot", client_secret="x", token=token)

    assert refused.status_code == 401
    assert AccessToken.objects.count() == 1


@pytest.mark.usefixtures("robot")
def test_a3_introspection_tells_an_app_what_a_token_is(client: Client) -> None:
    token = ask(client).json()["access_token"]
    own = {"client_id": "robot", "client_secret": SECRET}

    known = post(client, "/connect/introspect", token=token, **own).json()
    unknown = post(client, "/connect/introspect", token="x", **own).json()
    stranger = post(client, "/connect/introspect", token=token)

    assert known["active"] is True
    assert known["client_id"] == "robot"
    assert unknown == {"active": False}
    assert stranger.status_code == 401
    assert stranger.json()["error"] == "invalid_client"
    assert stranger["WWW-Authenticate"] == "Basic"
    assert client.get(f"/connect/introspect?token={token}").status_code == 405


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window of the throttle ends while a test counts."""
    monkeypatch.setattr("config.common.throttling.time", SimpleNamespace(time=lambda: 630.0))


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
