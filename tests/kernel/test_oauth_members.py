"""Members sign in with a password and refresh; apps revoke and look at tokens (A1, A3)."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken, RefreshToken

from config.common import tokens
from contacts.models import App, Member
from tests.kernel.oauth_calls import PASSWORD, SECRET, ask, assert_refused, make_app, post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("kernel_urls"),
    pytest.mark.usefixtures("fresh_counts"),
]


def sign_in(client: Client, **form: str) -> HttpResponse:
    defaults = {"grant_type": "password", "username": "anna", "password": PASSWORD}
    return ask(client, "console", **{**defaults, **form})


@pytest.mark.usefixtures("robot", "anna")
def test_a3_members_sign_in_through_apps_made_for_it_only(client: Client) -> None:
    form = {"grant_type": "password", "username": "anna", "password": PASSWORD}

    assert_refused(ask(client, **form), 400, "unauthorized_client")


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
