"""From what an editor sends to what is stored and compared."""

import hashlib
import json
from itertools import count
from uuid import UUID

from crmschema.compiler import canonical
from crmschema.exceptions import ConcurrencyConflict
from crmschema.selectors.schemas import StoredSchema, schema_get


def schema_get_at(*, key: str, concurrency_token: int) -> StoredSchema:
    """The schema as it is now, as long as its token is this one (S2).

    Raises NotFound, ConcurrencyConflict.
    """
    stored = schema_get(key)
    require_token(stored.compiled.token, concurrency_token)
    return stored


def require_token(current: int, sent: int) -> None:
    """Raises ConcurrencyConflict, which names the current one (S2)."""
    if current != sent:
        raise ConcurrencyConflict(properties={"concurrencyToken": current})


def canonical_text(schema: str) -> str:
    """The form that is stored. Raises SchemaInvalid."""
    return _dumps(canonical(schema))


def text_digest(schema: str) -> bytes:
    """What tells texts apart: spaces, builder noise and uids that the server would hand out do not
    count. Raises SchemaInvalid.
    """
    numbers = count(1)
    text = _dumps(canonical(schema, new_uid=lambda: UUID(int=next(numbers))))
    return hashlib.sha256(text.encode()).digest()


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
