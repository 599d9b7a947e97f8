"""OAuth apps: what they may do, and their secret.

For superusers: what an app writes never waits for another person, and its reach has no limits but
those set here. Whoever made an app could do alone what takes two (A6, C1).
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from oauth2_provider.generators import generate_client_secret

from config.common.access import SCOPES
from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import BadRequest, NotFound
from contacts.models import App, ContactType
from contacts.services.rights import require_superuser


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What an app is and may do. `contact_types` empty: not restricted to any (A2)."""

    name: str
    grant_type: str
    scopes: Collection[str]
    contact_types: Collection[ContactType]
    redirect_uris: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """An app with its new secret, the only time that it is readable; stored is its hash."""

    app: App
    secret: str


@atomic()
def app_create(*, actor: Actor, client_id: str, settings: AppSettings) -> IssuedSecret:
    """A new confidential app. Raises Forbidden, BadRequest (an unknown scope); a client id that is
    taken is an IntegrityError.
    """
    require_superuser(actor)
    _require_known(settings.scopes)
    secret = generate_client_secret()
    app = App.objects.create(
        name=settings.name,
        client_id=client_id,
        client_secret=secret,
        client_type=App.CLIENT_CONFIDENTIAL,
        authorization_grant_type=settings.grant_type,
        redirect_uris=settings.redirect_uris,
        scopes=sorted(settings.scopes),
        is_active=settings.is_active,
    )
    app.contact_types.set(settings.contact_types)
    _audit(actor, "createApp", app, ["client_id", "client_secret", "scopes", "contact_types"])
    return IssuedSecret(app, secret)


@atomic()
def app_update(*, actor: Actor, app_id: int, settings: AppSettings) -> App:
    """Change an app; narrower scopes and reach count with the next request, on tokens issued
    before too (A3). Only what differs is written and audited. Locks the app. Raises
    Forbidden, NotFound, BadRequest (an unknown scope).
    """
    require_superuser(actor)
    app = _locked(app_id)
    # A scope that the product no longer knows may stay until somebody takes it away.
    _require_known(set(settings.scopes) - set(app.scopes))
    values: dict[str, object] = {
        "name": settings.name,
        "authorization_grant_type": settings.grant_type,
        "redirect_uris": settings.redirect_uris,
        "scopes": sorted(settings.scopes),
        "is_active": settings.is_active,
    }
    app.scopes = sorted(app.scopes)
    changed = [name for name, value in values.items() if getattr(app, name) != value]
    for name in changed:
        setattr(app, name, values[name])
    if changed:
        app.save(update_fields=[*changed, "updated"])
    if set(app.contact_types.all()) != set(settings.contact_types):
        app.contact_types.set(settings.contact_types)
        changed.append("contact_types")
    if changed:
        _audit(actor, "updateApp", app, changed)
    return app


@atomic()
def app_secret_rotate(*, actor: Actor, app_id: int) -> IssuedSecret:
    """A new secret; the old one and every token issued so far stop counting at once (A3).

    Locks the app. Raises Forbidden, NotFound.
    """
    require_superuser(actor)
    app = _locked(app_id)
    secret = generate_client_secret()
    app.client_secret, app.tokens_valid_from = secret, timezone.now()
    app.save(update_fields=["client_secret", "tokens_valid_from", "updated"])
    _audit(actor, "rotateAppSecret", app, ["client_secret", "tokens_valid_from"])
    return IssuedSecret(app, secret)


def _locked(app_id: int) -> App:
    app: App | None = App.objects.select_for_update(no_key=True).filter(pk=app_id).first()
    if app is None:
        raise NotFound
    return app


def _require_known(scopes: Collection[str]) -> None:
    if not SCOPES.keys() >= set(scopes):
        raise BadRequest("A scope is unknown.")


def _audit(actor: Actor, operation: str, app: App, fields: Collection[str]) -> None:
    audit_record(
        actor=actor, operation=operation, object_type="app", object_id=app.pk, fields=fields
    )
