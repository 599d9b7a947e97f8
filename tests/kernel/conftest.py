"""Fixtures of the kernel's tests."""

import pytest
import structlog
from django.core.cache import cache

from config import oauth_views
from config.common import access_log, handlers
from contacts.models import App, Member
from tests.kernel.oauth_calls import PASSWORD, REDIRECT, make_app


@pytest.fixture(autouse=True)
def fresh_loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A used logger keeps its configuration; Celery may have set up another one since."""
    monkeypatch.setattr(handlers, "log", structlog.get_logger("handlers"))
    monkeypatch.setattr(access_log, "_readable", structlog.get_logger("access"))


@pytest.fixture
def fresh_counts() -> None:
    """Nobody has asked the token endpoint for anything yet."""
    oauth_views.by_address.reset()
    oauth_views.by_client.reset()
    cache.clear()


@pytest.fixture
def robot() -> App:
    """An app that acts for itself."""
    return make_app("robot", App.GRANT_CLIENT_CREDENTIALS)


@pytest.fixture
def console() -> App:
    """An app in which members sign in with their password."""
    return make_app("console", App.GRANT_PASSWORD)


@pytest.fixture
def portal() -> App:
    """An app that members allow to act for them."""
    return make_app("portal", App.GRANT_AUTHORIZATION_CODE, redirect_uris=REDIRECT, name="Portal")


@pytest.fixture
def anna() -> Member:
    return Member.objects.create_user("anna", password=PASSWORD, is_staff=True)
