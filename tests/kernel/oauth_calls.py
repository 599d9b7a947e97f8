"""Apps, and the calls that they make to the OAuth2 endpoints."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken

from contacts.models import App

FORM = "application/x-www-form-urlencoded"
SECRET = "app-secret-of-the-tests"
PASSWORD = "member-password-of-the-tests"
REDIRECT = "https://console.example.com/back"


def make_app(client_id: str, grant: str, **changes: Any) -> App:
    app: App = App.objects.create(
        client_id=client_id,
        client_secret=SECRET,
        client_type=App.CLIENT_CONFIDENTIAL,
        authorization_grant_type=grant,
        **{"scopes": ["contacts.read", "exports"], **changes},
    )
    return app


def post(client: Client, path: str, **form: str) -> HttpResponse:
    return client.post(path, urlencode(form), FORM)


def ask(client: Client, app_id: str = "robot", **form: str) -> HttpResponse:
    defaults = {
        "grant_type": "client_credentials",
        "client_id": app_id,
        "client_secret": SECRET,
    }
    return post(client, "/connect/token", **{**defaults, **form})


def assert_refused(response: HttpResponse, status: int, error: str) -> None:
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response["Content-Type"].startswith("application/json")
    assert response["Cache-Control"] == "no-store"
    assert not AccessToken.objects.exists()
