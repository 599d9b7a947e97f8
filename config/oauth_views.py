"""The OAuth2 endpoints: django-oauth-toolkit's views with our limits (rules A3, F1).

Errors are JSON as RFC 6749 has it, never pages; the consent page is for people.
"""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views
from oauth2_provider.settings import oauth2_settings

from config.common.client_address import client_address
from config.common.handlers import oauth_error_response
from config.common.throttling import Throttle
from config.common.tokens import generate_refresh_token
from contacts.oauth import GRANT_TYPES, PASSWORD_GRANT, AppValidator

FORM = "application/x-www-form-urlencoded"
# Django's limit; a longer name belongs to nobody.
MAX_LOGIN_LENGTH = 150
MAX_BODY_BYTES = 64 * 1024
by_address, by_client = Throttle(), Throttle()


class OAuthMixin:
    """What all endpoints share: our validator, and refresh tokens that are no access tokens."""

    validator_class = AppValidator

    @classmethod
    def get_server(cls) -> Any:  # Any: oauthlib is untyped
        """The toolkit would make refresh tokens with the generator of access tokens."""
        options = {
            **oauth2_settings.server_kwargs,
            "refresh_token_generator": generate_refresh_token,
        }
        return oauth2_settings.OAUTH2_SERVER_CLASS(cls.validator_class(), **options)


@method_decorator(csrf_exempt, name="dispatch")
class ClientEndpoint(OAuthMixin):
    """An endpoint for programs: forms by POST, limited in size and rate, answers never stored."""

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *arguments: object, **options: object) -> HttpResponse:
        """Refuse what no client sends before anything is hashed or queried."""
        refusal = _refusal(request) or self.refuse(request)
        if refusal is not None:
            return refusal
        response: HttpResponse = super().dispatch(request, *arguments, **options)  # type: ignore[misc]
        response["Cache-Control"] = "no-store"
        return response

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        """What an endpoint refuses beyond that."""
        return None


class TokenView(ClientEndpoint, views.TokenView):  # type: ignore[misc]  # the toolkit has no types
    """`POST /connect/token`: client credentials, authorization code, refresh, maybe password."""

    def refuse(self, request: HttpRequest) -> HttpResponse | None:
        """The toolkit knows more grant types than are offered here."""
        grant_type = request.POST.get("grant_type")
        if grant_type is None:
            return oauth_error_response(400, "invalid_request", "grant_type is missing.")
        is_password = grant_type == PASSWORD_GRANT and settings.ALLOW_PASSWORD_GRANT
        if grant_type in GRANT_TYPES or is_password:
            return None
        return oauth_error_response(
            400, "unsupported_grant_type", "The grant type is not supported."
        )


class RevokeTokenView(ClientEndpoint, views.RevokeTokenView):  # type: ignore[misc]  # the toolkit has no types
    """`POST /connect/revoke` (RFC 7009)."""


class IntrospectTokenView(ClientEndpoint, views.IntrospectTokenView):  # type: ignore[misc]  # the toolkit has no types
    """`POST /connect/introspect` (RFC 7662), for apps that authenticate themselves."""

    def unauthenticated_response(self, request: HttpRequest, oauth_request: object) -> HttpResponse:
        """The toolkit's own is an empty page."""
        return oauth_error_response(
            401, "invalid_client", "The client is not known.", WWW_Authenticate="Basic"
        )


class AuthorizationView(OAuthMixin, views.AuthorizationView):  # type: ignore[misc]  # the toolkit has no types
    """`/connect/authorize`: a signed-in member lets an app act for it (code with PKCE)."""

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        """The consent page. Browsers count the redirect after the form as its target."""
        response: HttpResponse = super().render_to_response(context, **options)
        redirect_uri = context.get("redirect_uri")
        if redirect_uri:
            # The attribute that django-csp's own decorator sets.
            vars(response)["_csp_update"] = {"form-action": [_origin(redirect_uri)]}
        return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.method != "POST":
        return oauth_error_response(405, "invalid_request", "Use POST.", Allow="POST")
    if request.content_type != FORM:
        return oauth_error_response(400, "invalid_request", f"The body must be {FORM}.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        return oauth_error_response(413, "invalid_request", "The body is too large.")
    if any("\x00" in value for values in request.POST.lists() for value in values[1]):
        return oauth_error_response(400, "invalid_request", "A value holds a NUL character.")
    if "\x00" in _client_id(request):
        return oauth_error_response(
            401, "invalid_client", "The client is not known.", WWW_Authenticate="Basic"
        )
    if len(request.POST.get("username", "")) > MAX_LOGIN_LENGTH:
        return oauth_error_response(400, "invalid_grant", "Invalid credentials given.")
    return _throttled(request)


def _throttled(request: HttpRequest) -> HttpResponse | None:
    limits = settings.TOKEN_THROTTLE
    seconds = by_address.hit(
        client_address(request), limits["per_address_per_minute"]
    ) or by_client.hit(_client_id(request), limits["per_client_per_minute"])
    if not seconds:
        return None
    return oauth_error_response(
        429, "temporarily_unavailable", "Too many requests.", Retry_After=str(seconds)
    )


def _client_id(request: HttpRequest) -> str:
    """As the client claims; whether it is true is not known yet."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", "")
    try:
        decoded = base64.b64decode(encoded).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return unquote_plus(decoded.partition(":")[0])


def _origin(redirect_uri: str) -> str:
    """As a source of a content security policy: an origin, or the scheme of a native app."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
