"""Saving schemas (S2-S5)."""

from uuid import UUID

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from crmschema.compiler.model import CompiledSchema
from crmschema.exceptions import JsonSchemaMismatch
from crmschema.json_schemas import is_same_json_schema
from crmschema.locks import schema_lock_exclusive
from crmschema.models import CrmSchema, CrmSchemaVersion
from crmschema.registry import SCHEMA_SAVED
from crmschema.selectors.versions import schema_version_text
from crmschema.services.clearance import (
    Clearance,
    Step,
    clearance_accepted,
    clearance_by_look,
)
from crmschema.services.rebuilds import schema_rebuild_start
from crmschema.services.texts import draft_compiled, require_token, schema_get_at, text_digest


@atomic()
def schema_create(*, actor: Actor, key: str, schema: str) -> CrmSchema:
    """A new schema, at token 1. Raises SchemaInvalid; a key that exists is an IntegrityError."""
    text, _compiled = draft_compiled(key=key, token=1, schema=schema, stored=None)
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
    accepted_check: UUID | None = None,
    language: str = "en",
) -> CrmSchema:
    """Save the next version of a schema; all processes follow at once (S5).

    `json_schema` is what a client sends along: it is compared and never stored (S1). A change that
    stored documents stand against is refused with BreakingChange unless `accepted_check` is the
    uid of a finished check (`schema_check_start`) of the same token and text; renaming, moving or
    retyping a field that holds data with FieldInUse always (S4). Their `properties` hold `changes`
    (worded in `language`) and `findings`.

    Order: NotFound, ConcurrencyConflict, SchemaInvalid, JsonSchemaMismatch, CheckUnknown,
    CheckNotFinished, FieldInUse, BreakingChange. Compiles and checks first; takes the exclusive
    lock of the schema only for the last step, in which the few documents written since are
    examined and requests that became impossible are superseded (C7). Readers never wait. Where
    names or filters come from other fields by now, what is stored of them follows in a job.
    """
    stored = schema_get_at(key=key, concurrency_token=concurrency_token)
    text, compiled = draft_compiled(
        key=key, token=concurrency_token + 1, schema=schema, stored=stored.schema
    )
    _require_same(json_schema, stored.compiled, compiled)
    step = Step.to(stored, compiled, language)
    clearance = _clearance(step, text_digest(schema, stored=stored.schema), accepted_check)
    clearance.catch_up()
    schema_lock_exclusive(stored.id)
    saved = CrmSchema.objects.get(pk=stored.id)
    require_token(saved.concurrency_token, concurrency_token)
    clearance.confirm()
    saved.schema, saved.concurrency_token = text, compiled.token
    saved.save(update_fields=["schema", "concurrency_token"])
    _add_version(actor, saved)
    schema_rebuild_start(stored=stored, compiled=compiled)
    for follow in SCHEMA_SAVED:
        follow(actor, compiled)
    return saved


@atomic()
def schema_restore(
    *,
    actor: Actor,
    key: str,
    version: int,
    concurrency_token: int,
    accepted_check: UUID | None = None,
    language: str = "en",
) -> CrmSchema:
    """Save the text of an earlier version as the next one, by the same path with the same errors.

    What it would break is checked by `schema_check_start` with the text of that version
    (`schema_version_text`). Raises NotFound also for a version that does not exist.
    """
    return schema_save(
        actor=actor,
        key=key,
        schema=schema_version_text(key=key, token=version),
        concurrency_token=concurrency_token,
        accepted_check=accepted_check,
        language=language,
    )


def _require_same(json_schema: str | None, *derived: CompiledSchema) -> None:
    if json_schema is None:
        return
    if not is_same_json_schema(json_schema, *(each.json_schema for each in derived)):
        raise JsonSchemaMismatch


def _clearance(step: Step, digest: bytes, accepted_check: UUID | None) -> Clearance:
    if accepted_check is None:
        return clearance_by_look(step, digest=digest)
    return clearance_accepted(step, digest=digest, check_id=accepted_check)


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
