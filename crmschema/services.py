"""Saving schemas (S2, S3, S5)."""

import json

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import Conflict, NotFound
from crmschema.compiler import canonical, compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.locks import schema_lock_exclusive
from crmschema.models import CrmSchema, CrmSchemaVersion
from crmschema.registry import SCHEMA_SAVED
from crmschema.selectors import list_keys
from lists.selectors import list_snapshots


class ConcurrencyConflict(Conflict):
    """The schema was saved by someone else since it was read (S2)."""

    sub_code = "ConcurrencyConflict"
    default_message = "The schema has been changed since it was read."


@atomic()
def schema_create(*, actor: Actor, key: str, schema: str) -> CrmSchema:
    """A new schema, at token 1. Raises SchemaInvalid; a key that exists is an IntegrityError."""
    text = _canonical_text(schema)
    _compile(key, 1, text)
    created = CrmSchema.objects.create(key=key, schema=text)
    _add_version(actor, created)
    return created


@atomic()
def schema_save(*, actor: Actor, key: str, schema: str, concurrency_token: int) -> CrmSchema:
    """Save the next version of a schema; all processes follow at once (S5).

    Compiles first; takes the exclusive lock of the schema only for the last step, in which
    requests that became impossible are superseded (C7). Raises NotFound, SchemaInvalid,
    ConcurrencyConflict.
    """
    text = _canonical_text(schema)
    compiled = _compile(key, concurrency_token + 1, text)
    current = CrmSchema.objects.filter(key=key).first()
    if current is None:
        raise NotFound
    schema_lock_exclusive(current.pk)
    current.refresh_from_db()
    if current.concurrency_token != concurrency_token:
        raise ConcurrencyConflict(properties={"concurrencyToken": current.concurrency_token})
    current.schema, current.concurrency_token = text, concurrency_token + 1
    current.save(update_fields=["schema", "concurrency_token"])
    _add_version(actor, current)
    for follow in SCHEMA_SAVED:
        follow(actor, compiled)
    return current


def _canonical_text(schema: str) -> str:
    return json.dumps(canonical(schema), ensure_ascii=False, separators=(",", ":"))


def _compile(key: str, token: int, text: str) -> CompiledSchema:
    lists = list_snapshots(list_keys(text))
    return compile_schema(key=key, token=token, schema=text, lists=lists)


def _add_version(actor: Actor, schema: CrmSchema) -> None:
    CrmSchemaVersion.objects.create(
        crm_schema=schema,
        token=schema.concurrency_token,
        schema=schema.schema,
        member_id=actor.member_id,
        app_id=actor.app_id,
    )
    audit_record(
        actor=actor,
        operation="updateSchema",
        object_type="schema",
        object_id=schema.key,
        fields=["schema"],
    )
