"""What the authorisation server may grant to whom (rules A1, A3)."""

import re
from collections.abc import Iterable
from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.oauth2 import InvalidRequestError

from config.common.access import SCOPES
from contacts.models import App

GRANT_TYPES = frozenset({"client_credentials", "authorization_code", "refresh_token"})
PASSWORD_GRANT = "password"  # noqa: S105 - the name of a grant type
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class AppScopes(BaseScopes):  # type: ignore[misc]  # the toolkit has no types
    """An app gets the scopes that its row lists, and no others; asking for none gets all of them.

    A member's token carries the scopes of the app that it was issued through.
    """

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope with its description, for the consent page."""
        return SCOPES

    def get_available_scopes(
        self,
        application: App | None = None,
        request: object = None,
        *arguments: object,
        **options: object,
    ) -> list[str]:
        """What `application` may ask for."""
        return list(application.scopes) if application is not None else []

    def get_default_scopes(
        self,
        application: App | None = None,
        request: object = None,
        *arguments: object,
        **options: object,
    ) -> list[str]:
        """What `application` gets when it asks for nothing in particular."""
        return self.get_available_scopes(application)


class AppValidator(OAuth2Validator):  # type: ignore[misc]  # the toolkit has no types
    """The toolkit's rules and ours: no token for an inactive member, none beyond the app's scopes
    of today, the password grant by a setting.

    Sign-in attempts reach django-axes with the address they came from, so it locks out here too.
    """

    def validate_grant_type(
        self,
        client_id: str,
        grant_type: str,
        client: App,
        request: Any,  # Any: oauthlib's untyped request
        *arguments: object,
        **options: object,
    ) -> bool:
        """Whether the app is registered for the grant."""
        if grant_type == PASSWORD_GRANT:
            # The views refuse it unless the setting allows it; the toolkit would warn each time.
            return bool(client.authorization_grant_type == App.GRANT_PASSWORD)
        return bool(super().validate_grant_type(client_id, grant_type, client, request))

    def is_pkce_required(
        self,
        client_id: str,
        request: Any,  # Any: oauthlib's untyped request
    ) -> bool:
        """Always; and only a real S256 challenge counts, since the toolkit takes an empty one."""
        challenge = request.code_challenge
        is_plain = request.code_challenge_method != "S256"
        if challenge is not None and (is_plain or not _CHALLENGE.fullmatch(challenge)):
            raise InvalidRequestError("The code challenge must be of method S256.", request=request)
        return True

    def validate_code(
        self,
        client_id: str,
        code: str,
        client: App,
        request: Any,  # Any: oauthlib's untyped request
        *arguments: object,
        **options: object,
    ) -> bool:
        """Whether the code counts and its member is still active."""
        if not super().validate_code(client_id, code, client, request) or not _is_active(request):
            return False
        request.scopes = _still_allowed(request.scopes, client)
        return True

    def validate_refresh_token(
        self,
        refresh_token: str,
        client: App,
        request: Any,  # Any: oauthlib's untyped request
        *arguments: object,
        **options: object,
    ) -> bool:
        """Whether the token counts and its member is still active."""
        return bool(super().validate_refresh_token(refresh_token, client, request)) and _is_active(
            request
        )

    def get_original_scopes(
        self,
        refresh_token: str,
        request: Any,  # Any: oauthlib's untyped request
        *arguments: object,
        **options: object,
    ) -> list[str]:
        """The scopes of the token that is refreshed, as far as the app still has them."""
        original = super().get_original_scopes(refresh_token, request)
        return _still_allowed(original.split(), request.client)


def _is_active(request: Any) -> bool:  # Any: oauthlib's untyped request
    return request.user is not None and request.user.is_active


def _still_allowed(scopes: Iterable[str], client: App) -> list[str]:
    return [scope for scope in scopes if scope in client.scopes]
