"""Saving schemas (S2, S3, S5)."""

import json

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from crmschema.compiler import canonical, compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.exceptions import ConcurrencyConflict, JsonSchemaMismatch
from crmschema.json_schemas import is_same_json_schema
from crmschema.locks import schema_lock_exclusive
from crmschema.models import CrmSchema, CrmSchemaVersion
from crmschema.registry import SCHEMA_SAVED
from crmschema.selectors import list_keys, schema_get
from lists.selectors import list_snapshots


@atomic()
def schema_create(*, actor: Actor, key: str, schema: str) -> CrmSchema:
    """A new schema, at token 1. Raises SchemaInvalid; a key that exists is an IntegrityError."""
    text = _canonical_text(schema)
    _compile(key, 1, text)
    created = CrmSchema.objects.create(key=key, schema=text)
    _add_version(actor, created)
    return created


@atomic()
def schema_save(
    *,
    actor: Actor,
    key: str,
    schema: str,
    concurrency_token: int,
    json_schema: str | None = None,
) -> CrmSchema:
    """Save the next version of a schema; all processes follow at once (S5).

    `json_schema` is what a client sends along: it is compared and never stored (S1). Compiles
    first; takes the exclusive lock of the schema only for the last step, in which requests that
    became impossible are superseded (C7). Raises NotFound, ConcurrencyConflict, SchemaInvalid,
    JsonSchemaMismatch.
    """
    current = schema_get(key)
    _require_token(current.compiled.token, concurrency_token)
    text = _canonical_text(schema)
    compiled = _compile(key, concurrency_token + 1, text)
    _require_same(json_schema, current.compiled, compiled)
    schema_lock_exclusive(current.id)
    saved = CrmSchema.objects.get(pk=current.id)
    _require_token(saved.concurrency_token, concurrency_token)
    saved.schema, saved.concurrency_token = text, compiled.token
    saved.save(update_fields=["schema", "concurrency_token"])
    _add_version(actor, saved)
    for follow in SCHEMA_SAVED:
        follow(actor, compiled)
    return saved


def _require_token(current: int, sent: int) -> None:
    if current != sent:
        raise ConcurrencyConflict(properties={"concurrencyToken": current})


def _require_same(json_schema: str | None, *derived: CompiledSchema) -> None:
    if json_schema is None:
        return
    if not is_same_json_schema(json_schema, *(each.json_schema for each in derived)):
        raise JsonSchemaMismatch


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
