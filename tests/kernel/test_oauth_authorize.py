"""Members let an app act for them: consent, code, exchange with its verifier (A1, A3)."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken, Grant

from config import oauth_views
from config.common import tokens
from config.common.access import SCOPES
from contacts.models import App, Member
from tests.kernel.oauth_calls import REDIRECT, ask, assert_refused, post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("kernel_urls"),
    pytest.mark.usefixtures("fresh_counts"),
]

VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
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
