"""Tokens and actors, without the way over the token endpoint."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from oauth2_provider.models import AccessToken

from config.common.actors import Actor
from config.common.tokens import Credentials, generate_access_token, verify
from contacts.models import App, Member
from contacts.selectors.access import actor_resolve
from tests.factories.contacts import make_app

CONSOLE = "console"


def console() -> App:
    """The app that carries tokens when a test names none: all scopes."""
    return App.objects.filter(client_id=CONSOLE).first() or make_app(CONSOLE)


def bearer(
    member: Member | None = None, *, app: App | None = None, scopes: Iterable[str] | None = None
) -> str:
    """An access token: of a member through `app`, or of the app alone."""
    carrier = app or console()
    granted = list(carrier.scopes if scopes is None else scopes)
    token = generate_access_token(
        SimpleNamespace(
            client=carrier,
            user=member,
            scopes=granted,
            grant_type="authorization_code" if member else "client_credentials",
        )
    )
    AccessToken.objects.create(
        user=member,
        application=carrier,
        token=token,
        expires=datetime.now(UTC) + timedelta(minutes=15),
        scope=" ".join(granted),
    )
    return token


def credentials(member: Member | None = None, *, app: App | None = None) -> Credentials:
    """What a fresh token says."""
    return verify(bearer(member, app=app))


def actor_of(member: Member | None = None, *, app: App | None = None) -> Actor:
    """The actor of a fresh token, as services take it."""
    return actor_resolve(credentials(member, app=app))
