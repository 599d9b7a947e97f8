"""Keyed hashes of external ids that were erased: told again without being kept (N2)."""

import hashlib
import hmac

from django.conf import settings

_SALT = b"contacts.erased-external-id"


def id_hash(external_id: str) -> bytes:
    """The 256-bit keyed hash of an id. Without the key nobody can try ids against it."""
    key = hashlib.sha256(_SALT + settings.ERASED_ID_KEY.encode()).digest()
    return hmac.new(key, external_id.encode(), hashlib.sha256).digest()
