"""The one function that writes details, and the history that goes with them (D11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from config.common.text import fold
from contacts.channels import written_channels
from contacts.models import ChangeSet
from contacts.targets import TargetKind, TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import (
    Change,
    Document,
    details_hash,
    display_name,
    search_values,
    searchable_paths,
)

MAX_NAME_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from, as its change set tells it (H1)."""

    source: ChangeSet.Source
    member_id: int | None = None
    app_id: int | None = None
    comment: str | None = None
    change_request_id: int | None = None
    reviewer_id: int | None = None


@dataclass(frozen=True, slots=True)
class DetailsWrite:
    """New details for a locked target: the whole document and the changes that lead to it."""

    state: TargetState
    compiled: CompiledSchema
    document: Document
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class DetailsCreation:
    """A new target. `own` are the values of its kind's own columns."""

    uid: UUID
    compiled: CompiledSchema
    document: Document
    own: Mapping[str, Any]  # Any: column values

    @property
    def username(self) -> str | None:
        return self.own.get("username")


def details_apply(*, origin: Origin, kind: TargetKind, writes: Sequence[DetailsWrite]) -> None:
    """Write the details of locked targets of one kind, with one change set for each.

    Expects the transaction that `targets_get_for_update` locked them in, and changes that are not
    empty. A pending channel value whose channel is written is dropped (V1). Two statements at
    most, whatever the size of the batch.
    """
    rows = [
        {
            "id": write.state.ref.id,
            **_derived(write.compiled, write.document, write.state.username, write.state.uid),
            "changes": [change.to_json() for change in write.changes],
            "paths": searchable_paths(change.path for change in write.changes),
        }
        for write in writes
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _update_statement(kind, is_single=len(rows) == 1),
            [*_row_values(rows, _UPDATED_COLUMNS), *_values(origin)],
        )
        dropped = _pending_written(writes)
        if dropped:
            cursor.execute(_DROP_PENDING, [orjson.dumps(dropped).decode()])


def details_create(
    *, origin: Origin, kind: TargetKind, creations: Sequence[DetailsCreation]
) -> dict[UUID, int]:
    """Insert targets of one kind, with one change set for each that holds the document (D11).

    Gives the new ids by uid. One statement, whatever the size of the batch; expects a transaction
    that holds the schema's shared lock. Unique violations of own columns are the caller's to name.
    """
    rows = [
        {
            "uid": creation.uid,
            **_derived(creation.compiled, creation.document, creation.username, creation.uid),
            **creation.own,
        }
        for creation in creations
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _insert_statement(kind, is_single=len(rows) == 1),
            [*_row_values(rows, _inserted_columns(kind)), *_values(origin)],
        )
        return {uid: target_id for target_id, uid in cursor.fetchall()}


def _derived(
    compiled: CompiledSchema, document: Document, username: str | None, uid: UUID
) -> dict[str, Any]:
    """The columns that follow from a document: all are written together or not at all."""
    return {
        "details": document,
        "details_hash": details_hash(document).hex(),
        "search": search_values(compiled, document),
        "schema_token": compiled.token,
        **names_of(compiled, document, username, uid),
    }


def names_of(
    compiled: CompiledSchema, document: Document, username: str | None, uid: UUID
) -> dict[str, str]:
    """The columns of a name: the one in the document, else the username, else the uid (D12)."""
    name = (display_name(compiled, document) or username or str(uid))[:MAX_NAME_LENGTH]
    return {"display_name": name, "display_name_folded": fold(name)[: 2 * MAX_NAME_LENGTH]}


def _pending_written(writes: Sequence[DetailsWrite]) -> list[dict[str, Any]]:
    return [
        {"contact_id": write.state.ref.id, "channel": channel}
        for write in writes
        if write.state.pending
        for channel in written_channels(write.compiled, write.changes)
    ]


def _row_values(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> list[Any]:
    """The parameters of the `new` rows: one by one for a single row, else all as one JSON text."""
    if len(rows) > 1:
        return [orjson.dumps(rows).decode()]
    return [_single(name, rows[0][name]) for name in columns]


def _single(name: str, value: Any) -> Any:
    if name in _JSON_COLUMNS:
        return orjson.dumps(value).decode()
    if name == "paths":
        # As an array literal: adapting a Python list costs more than the statement itself. Keys
        # of documents hold nothing that would need an escape.
        return "{" + ",".join(f'"{path}"' for path in value) + "}"
    return value


def _values(origin: Origin) -> list[Any]:
    return [
        origin.source.value,
        origin.member_id,
        origin.app_id,
        origin.comment or "",
        origin.change_request_id,
        origin.reviewer_id,
    ]


_JSON_COLUMNS = frozenset({"details", "search", "changes"})
_DERIVED_COLUMNS = {
    "details": "jsonb",
    "details_hash": "text",
    "search": "jsonb",
    "schema_token": "bigint",
    "display_name": "text",
    "display_name_folded": "text",
}

_UPDATED_COLUMNS = {"id": "int", **_DERIVED_COLUMNS, "changes": "jsonb", "paths": "text[]"}


def _inserted_columns(kind: TargetKind) -> dict[str, str]:
    return {"uid": "uuid", **_DERIVED_COLUMNS, **kind.own_columns}


_CHANGE_SET = """
INSERT INTO contacts_changeset ({reference}, version, kind, executed_at, schema_token, details,
    paths, source, member_id, app_id, comment, change_request_id, reviewer_id)
SELECT written.id, written.version, {kind}, clock_timestamp(), new.schema_token, {details},
    {paths}, %s, %s::int, %s::int, %s, %s::int, %s::int
FROM new JOIN written USING ({key})
"""

_UPDATE = """
WITH new AS ({new}), written AS (
    UPDATE {table} target SET
        details = new.details, details_hash = decode(new.details_hash, 'hex'),
        search = new.search, schema_token = new.schema_token, version = target.version + 1,
        display_name = new.display_name, display_name_folded = new.display_name_folded
    FROM new WHERE target.id = new.id
    RETURNING target.id, target.version
)
"""

_INSERT = """
WITH new AS ({new}), written AS (
    INSERT INTO {table} (uid, version, created_at, details, details_hash, search, schema_token,
        display_name, display_name_folded {own})
    SELECT uid, 1, clock_timestamp(), details, decode(details_hash, 'hex'), search, schema_token,
        display_name, display_name_folded {own}
    FROM new RETURNING id, uid, version
), history AS (
    {change_set}
)
SELECT id, uid FROM written
"""

_DROP_PENDING = """
DELETE FROM contacts_pendingchannel pending
USING jsonb_to_recordset(%s::jsonb) AS written (contact_id int, channel text)
WHERE pending.contact_id = written.contact_id AND pending.channel = written.channel
"""


def _new_rows(columns: Mapping[str, str], *, is_single: bool) -> str:
    """The rows to write. A single one is spelled out, so that the planner knows that it is one and
    goes by the index; how many a JSON text holds it can only guess.
    """
    if is_single:
        values = ", ".join(f"%s::{kind} AS {name}" for name, kind in columns.items())
        return f"SELECT {values}"
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"SELECT * FROM jsonb_to_recordset(%s::jsonb) AS row ({declared})"  # noqa: S608 - constants


@cache
def _update_statement(kind: TargetKind, *, is_single: bool) -> str:
    """One text for a kind, so that the server prepares it once."""
    change_set = _CHANGE_SET.format(
        reference=kind.reference,
        kind=f"'{ChangeSet.Kind.CHANGE.value}'",
        details="new.changes",
        paths="new.paths",
        key="id",
    )
    new = _new_rows(_UPDATED_COLUMNS, is_single=is_single)
    return _UPDATE.format(table=kind.table, new=new) + change_set


@cache
def _insert_statement(kind: TargetKind, *, is_single: bool) -> str:
    change_set = _CHANGE_SET.format(
        reference=kind.reference,
        kind=f"'{ChangeSet.Kind.CREATION.value}'",
        details="new.details",
        paths="ARRAY[]::text[]",
        key="uid",
    )
    return _INSERT.format(
        table=kind.table,
        new=_new_rows(_inserted_columns(kind), is_single=is_single),
        own="".join(f", {name}" for name in kind.own_columns),
        change_set=change_set,
    )
