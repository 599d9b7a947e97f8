"""Recipients and parameters of messages are stored sealed: keys are secrets, addresses personal.

The key follows from SECRET_KEY; SECRET_KEY_FALLBACKS open what was sealed before a change.
"""

import base64
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "config.common.outbox"


class Unreadable(Exception):
    """Sealed with a key that is gone, or damaged."""


def seal(content: dict[str, Any]) -> bytes:  # Any: JSON values
    """`content` encrypted and authenticated."""
    return _sealer().encrypt(orjson.dumps(content))


def unseal(sealed: bytes) -> dict[str, Any]:  # Any: JSON values
    """What `seal` was given. Raises Unreadable."""
    try:
        content: dict[str, Any] = orjson.loads(_sealer().decrypt(sealed))  # Any: JSON values
    except InvalidToken:
        raise Unreadable from None
    return content


def recipient_hash(recipient: str) -> bytes:
    """What tells a recipient from others without naming it; case makes none another."""
    return salted_hmac(f"{_SALT}.recipient", recipient.casefold(), algorithm="sha256").digest()


def _sealer() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    digest = salted_hmac(_SALT, "sealing", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
