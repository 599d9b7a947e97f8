"""From what an editor sends to what is stored and compared."""

import hashlib
import json
from itertools import count
from uuid import UUID

from crmschema.compiler import canonical, compile_draft
from crmschema.compiler.model import CompiledSchema
from crmschema.exceptions import ConcurrencyConflict
from crmschema.selectors.schemas import StoredSchema, list_keys, schema_get
from lists.selectors import list_snapshots


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


def draft_compiled(
    *, key: str, token: int, schema: str, stored: str | None
) -> tuple[str, CompiledSchema]:
    """The text that is stored as version `token`, after `stored`, and what it compiles to.

    Raises SchemaInvalid with every problem at once (S3).
    """
    lists = list_snapshots(list_keys(schema))
    form, compiled = compile_draft(key=key, token=token, schema=schema, lists=lists, stored=stored)
    return dumped(form), compiled


def text_digest(schema: str, *, stored: str) -> bytes:
    """What tells texts apart that are to follow `stored`: spaces, builder noise and uids that the
    server would hand out do not count. Raises SchemaInvalid.
    """
    numbers = count(1)
    form = canonical(schema, stored=stored, new_uid=lambda: UUID(int=next(numbers)))
    return hashlib.sha256(dumped(form).encode()).digest()


def dumped(form: object) -> str:
    """The text of a canonical form."""
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))
