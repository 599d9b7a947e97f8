"""Keys that prove who reads an address (V2): made, hashed and compared here alone. Pure."""

import hmac
import secrets

from django.utils.crypto import salted_hmac

KEY_DIGITS = 6
_SALT = "contacts.keys"
_NO_HASH = bytes(32)


def new_key() -> str:
    """Six digits, each key as likely as any other."""
    return f"{secrets.randbelow(10**KEY_DIGITS):0{KEY_DIGITS}d}"


def key_hash(contact_id: int, channel: str, key: str) -> bytes:
    """What is stored of a key: without SECRET_KEY nobody finds the key by trying all of them."""
    value = f"{contact_id}:{channel}:{key}"
    return salted_hmac(_SALT, value, algorithm="sha256").digest()


def key_matches(stored: bytes | None, contact_id: int, channel: str, key: str) -> bool:
    """Whether a key is the one that `stored` is the hash of; None takes as long and never is."""
    expected = _NO_HASH if stored is None else bytes(stored)
    is_same = hmac.compare_digest(expected, key_hash(contact_id, channel, key))
    return is_same and stored is not None
