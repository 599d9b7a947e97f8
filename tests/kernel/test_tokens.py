"""Access tokens (A3): what is signed, what counts, how long it is remembered."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from django.conf import settings

from config.common import tokens
from config.common.exceptions import Unauthorized


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    tokens.clear_cache()
    yield
    tokens.clear_cache()


def granted(grant_type: str = "authorization_code", member: int | None = 7) -> SimpleNamespace:
    return SimpleNamespace(
        client=SimpleNamespace(client_id="console"),
        user=None if member is None else SimpleNamespace(pk=member),
        scopes=["contacts.read", "exports"],
        grant_type=grant_type,
    )


def signed(key: str = settings.JWT_SIGNING_KEY, algorithm: str = "HS256", **changes: Any) -> str:
    claims: dict[str, Any] = {
        "iss": settings.JWT_ISSUER,
        "aud": settings.JWT_AUDIENCE,
        "sub": "member:7",
        "member": 7,
        "client_id": "console",
        "scope": "contacts.read",
        "jti": "j",
        "iat": time.time(),
        "exp": int(time.time()) + 60,
        **changes,
    }
    return jwt.encode(
        {name: value for name, value in claims.items() if value is not None}, key, algorithm
    )


def assert_refused(token: str) -> Unauthorized:
    with pytest.raises(Unauthorized) as caught:
        tokens.verify(token)
    return caught.value


def test_a3_a_member_s_token_names_member_app_and_scopes() -> None:
    before = datetime.now(UTC)

    token = tokens.generate_access_token(granted())
    credentials = tokens.verify(token)

    assert credentials.app_client_id == "console"
    assert credentials.member_id == 7
    assert credentials.scopes == {"contacts.read", "exports"}
    assert credentials.token_checksum == hashlib.sha256(token.encode()).hexdigest()
    # The token may say it in whole seconds.
    assert before - timedelta(seconds=1) <= credentials.issued_at <= datetime.now(UTC)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["sub"] == "member:7"
    assert claims["exp"] - claims["iat"] == pytest.approx(settings.ACCESS_TOKEN_SECONDS, abs=1)


def test_a3_an_app_s_token_has_no_member() -> None:
    token = tokens.generate_access_token(granted("client_credentials", member=7))

    assert tokens.verify(token).member_id is None
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == "app:console"


def test_a3_issue_times_have_microseconds() -> None:
    issued = [tokens.verify(tokens.generate_access_token(granted())).issued_at for _ in range(5)]

    assert len(set(issued)) == 5


def test_a3_two_tokens_of_the_same_moment_differ() -> None:
    assert tokens.generate_access_token(granted()) != tokens.generate_access_token(granted())


def test_a3_a_refresh_token_is_no_access_token() -> None:
    token = tokens.generate_refresh_token(granted())

    assert len(token) >= 43
    assert_refused(token)


def unsigned() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    payload = jwt.decode(signed(), options={"verify_signature": False})
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(payload)}."


REFUSED = {
    "nothing": lambda: "",
    "text": lambda: "x.y.z",
    "not ascii": lambda: signed() + "é",
    "huge": lambda: signed(scope="x" * 5000),
    "algorithm none": unsigned,
    "other algorithm, our key": lambda: signed(algorithm="HS384"),
    "other key": lambda: signed("another-key-that-is-long-enough-for-the-algorithm"),
    "expired": lambda: signed(exp=int(time.time()) - 1),
    "not yet": lambda: signed(nbf=int(time.time()) + 60),
    "other issuer": lambda: signed(iss="evil"),
    "other audience": lambda: signed(aud="evil"),
    "several audiences": lambda: signed(aud=[settings.JWT_AUDIENCE, "evil"]),
    "no expiry": lambda: signed(exp=None),
    "no app": lambda: signed(client_id=None),
    "no audience": lambda: signed(aud=None),
    "no issue time": lambda: signed(iat=None),
    "issue time as text": lambda: signed(iat="now"),
    "member as text": lambda: signed(member="7"),
    "member as boolean": lambda: signed(member=True),
    "scope as list": lambda: signed(scope=["contacts.read"]),
    "app as number": lambda: signed(client_id=5),
    "payload changed": lambda: _with_payload_of(signed(member=8), signed()),
}


def _with_payload_of(source: str, target: str) -> str:
    header, _, signature = target.split(".")
    return f"{header}.{source.split('.')[1]}.{signature}"


@pytest.mark.parametrize("name", REFUSED)
def test_a3_whatever_does_not_count_is_401_with_a_challenge(name: str) -> None:
    error = assert_refused(REFUSED[name]())

    assert error.headers == {"WWW-Authenticate": 'Bearer error="invalid_token"'}


def test_a3_a_clock_ahead_of_ours_is_no_reason_to_refuse() -> None:
    assert tokens.verify(signed(iat=time.time() + 5)).member_id == 7


def test_a3_a_verified_token_is_remembered() -> None:
    token = signed()

    assert tokens.verify(token) is tokens.verify(token)


@pytest.mark.parametrize(("lifetime", "seconds"), [(25, 26), (600, 31)])
def test_a3_no_token_is_remembered_beyond_its_expiry_or_30_seconds(
    monkeypatch: pytest.MonkeyPatch, lifetime: int, seconds: int
) -> None:
    now = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now)
    token = signed(exp=int(now) + lifetime)
    tokens.verify(token)

    monkeypatch.setattr(tokens.time, "time", lambda: now + seconds)
    # Only the cache could let it through now.
    monkeypatch.setattr(tokens.jwt, "decode", _refuse)

    assert_refused(token)


def _refuse(*arguments: object, **options: object) -> None:
    raise jwt.InvalidTokenError


def test_a3_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "CACHE_ENTRIES", 3)

    for number in range(10):
        tokens.verify(signed(jti=str(number)))
        assert len(tokens._cache) <= 3
