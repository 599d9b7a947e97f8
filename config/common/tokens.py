"""Access tokens: HS256 JWTs that name app, member and scopes (rule A3).

What a token says is checked here, without a query: signature, algorithm, issuer, audience,
expiry. What can change after it was issued (active flags, permissions, `tokens_valid_from`,
revocation) is checked by the first statement of every operation.
"""

import hashlib
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any

import jwt
from django.conf import settings

from config.common.exceptions import Unauthorized

ALGORITHM = "HS256"
CACHE_SECONDS = 30.0
CACHE_ENTRIES = 10_000
_MAX_TOKEN_LENGTH = 4_096
_REQUIRED_CLAIMS = ["iss", "aud", "sub", "client_id", "scope", "jti", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a valid token says.

    `member_id` is None when an app acts for itself. `token_checksum` is the SHA-256, in hex, under
    which the authorisation server stores the token.
    """

    app_client_id: str
    member_id: int | None
    scopes: frozenset[str]
    token_checksum: str
    issued_at: datetime


def generate_access_token(
    request: Any,  # Any: oauthlib's untyped request
    refresh_token: bool = False,
) -> str:
    """A signed access token for what `request` was granted.

    Called by django-oauth-toolkit (`ACCESS_TOKEN_GENERATOR`); a token of client credentials has
    no member, the others carry the id of the member that they act for.
    """
    issued_at = time.time()
    client_id = request.client.client_id
    claims: dict[str, Any] = {  # Any: JSON values
        "iss": settings.JWT_ISSUER,
        "aud": settings.JWT_AUDIENCE,
        "client_id": client_id,
        "scope": " ".join(request.scopes),
        "jti": uuid.uuid4().hex,
        # With its fraction: tokens_valid_from has microseconds, and must not spare a token that
        # was issued earlier in the same second.
        "iat": issued_at,
        "exp": int(issued_at) + settings.ACCESS_TOKEN_SECONDS,
    }
    # While a client-credentials request is served, request.user is a leftover of no meaning.
    member = None if request.grant_type == "client_credentials" else request.user
    if member is None:
        claims["sub"] = f"app:{client_id}"
    else:
        claims |= {"sub": f"member:{member.pk}", "member": member.pk}
    return jwt.encode(claims, settings.JWT_SIGNING_KEY, algorithm=ALGORITHM)


def generate_refresh_token(request: object, refresh_token: bool = True) -> str:
    """An opaque refresh token with 256 bits of randomness; it is never taken as an access token."""
    return secrets.token_urlsafe(32)


def verify(token: str) -> Credentials:
    """What `token` says, if it counts.

    A verified token is remembered for at most 30 s and never beyond its expiry. Raises
    Unauthorized, with a challenge, for everything else: another algorithm or key, issuer or
    audience, an expired token, missing or wrongly typed claims.
    """
    now = time.time()
    hit = _cache.get(token)
    if hit is not None and now < hit[0]:
        return hit[1]
    credentials, expires_at = _verify(token)
    _remember(token, credentials, min(now + CACHE_SECONDS, expires_at))
    return credentials


_cache: dict[str, tuple[float, Credentials]] = {}
_cache_lock = threading.Lock()


def _remember(token: str, credentials: Credentials, until: float) -> None:
    """Bounded: a full cache is emptied, which costs less than keeping an order of use."""
    with _cache_lock:
        if len(_cache) >= CACHE_ENTRIES:
            _cache.clear()
        _cache[token] = (until, credentials)


def clear_cache() -> None:
    """Forget all verified tokens; for tests and changed keys."""
    with _cache_lock:
        _cache.clear()


def _verify(token: str) -> tuple[Credentials, float]:
    if len(token) > _MAX_TOKEN_LENGTH or not token.isascii():
        raise _refusal()
    try:
        claims = jwt.decode(
            token,
            settings.JWT_SIGNING_KEY,
            algorithms=[ALGORITHM],
            audience=settings.JWT_AUDIENCE,
            issuer=settings.JWT_ISSUER,
            # Another machine may have issued it, with a clock a little ahead of ours.
            options={"require": _REQUIRED_CLAIMS, "strict_aud": True, "verify_iat": False},
        )
    except jwt.PyJWTError:
        raise _refusal() from None
    return _credentials(token, claims), float(claims["exp"])


def _credentials(token: str, claims: Mapping[str, Any]) -> Credentials:  # Any: JSON values
    """Only we can sign, so a claim of a wrong type means a token of another version of us."""
    client_id, scope, member_id = claims["client_id"], claims["scope"], claims.get("member")
    texts_are_typed = isinstance(client_id, str) and isinstance(scope, str)
    numbers_are_typed = type(member_id) in (int, NoneType) and type(claims["iat"]) in (int, float)
    if not (texts_are_typed and numbers_are_typed):
        raise _refusal()
    return Credentials(
        app_client_id=client_id,
        member_id=member_id,
        scopes=frozenset(scope.split()),
        token_checksum=hashlib.sha256(token.encode()).hexdigest(),
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
    )


def _refusal() -> Unauthorized:
    challenge = 'Bearer error="invalid_token"'
    return Unauthorized("The access token is not valid.", headers={"WWW-Authenticate": challenge})
