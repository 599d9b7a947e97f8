"""The one function that writes details, and the history that goes with them (D11)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from config.common.db import NO_RIDER, Rider, one_statement
from contacts.channels import written_channels
from contacts.models import ChangeSet
from contacts.services import details_sql as sql
from contacts.services.coupling import coupled_usernames, usernames_lock, usernames_write
from contacts.services.derived import name_columns, schema_columns
from contacts.services.pending import pendings_drop
from contacts.targets import TargetKind, TargetProspect, TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import (
    Change,
    Document,
    details_hash,
    searchable_paths,
)
from crmschema.selectors import SchemaState


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
    """New details for a locked target: the whole document and the changes that lead to it. `name`
    replaces the one that follows from them (N3).
    """

    state: TargetState
    compiled: CompiledSchema
    document: Document
    changes: Sequence[Change]
    name: str | None = None


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
    empty. A pending channel value whose channel is written is dropped, with its message (V1); a
    username that is coupled with the email follows it (U2). Five statements at most, whatever the
    size of the batch. Raises UsernameNotUnique, where usernames are coupled.
    """
    usernames = coupled_usernames(
        [(write.state.ref.id, write.compiled, write.changes) for write in writes]
    )
    if usernames:
        usernames_lock([*usernames.values(), *(write.state.username for write in writes)])
    rows = [
        _updated_row(write, usernames.get(write.state.ref.id, write.state.username))
        for write in writes
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.update_statement(kind, is_single=len(rows) == 1),
            [*_row_values(rows, sql.UPDATED_COLUMNS), *_values(origin)],
        )
    written = _pending_written(writes)
    if written:
        pendings_drop(written)
    if usernames:
        usernames_write(usernames)


def details_apply_unlocked(
    *, origin: Origin, kind: TargetKind, write: DetailsWrite, rider: Rider | None = None
) -> bool:
    """Write the details of one target whose state was read without locks, in one statement: all of
    it or, when the target, its schema or a list has moved since, nothing. Gives whether it wrote.

    The statement takes the schema's shared lock, looks at what was read again, and locks the
    target (S5, D9). `rider` goes along. Expects changes that are not empty and write no channel.
    """
    state = write.state
    values = [
        *_row_values([_updated_row(write, state.username)], sql.UPDATED_COLUMNS),
        *(state.version, state.row_transaction),
        *_schema_values(state.ref.schema_id, state.schema),
    ]
    return _write_unlocked(sql.unlocked_update_statement, kind, values, origin, rider)


def details_create(
    *, origin: Origin, kind: TargetKind, creations: Sequence[DetailsCreation]
) -> dict[UUID, int]:
    """Insert targets of one kind, with one change set for each that holds the document (D11).

    Gives the new ids by uid. One statement, whatever the size of the batch; expects a transaction
    that holds the schema's shared lock. Unique violations of own columns are the caller's to name.
    """
    rows = [_inserted_row(creation) for creation in creations]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.insert_statement(kind, is_single=len(rows) == 1),
            [*_row_values(rows, sql.inserted_columns(kind)), *_values(origin)],
        )
        return {uid: target_id for target_id, uid in cursor.fetchall()}


def details_create_unlocked(
    *,
    origin: Origin,
    kind: TargetKind,
    creation: DetailsCreation,
    prospect: TargetProspect,
    rider: Rider | None = None,
) -> bool:
    """Insert one target with its change set, in one statement that takes the schema's shared lock:
    all of it or, when the schema or a list has moved since the prospect was read, nothing (S5).
    Gives whether it wrote. `rider` goes along. Unique violations are the caller's to name.
    """
    row = {"id": prospect.target_id, **_inserted_row(creation)}
    values = [
        *_row_values([row], {"id": "int", **sql.inserted_columns(kind)}),
        *_schema_values(prospect.schema_id, prospect.schema),
    ]
    return _write_unlocked(sql.unlocked_insert_statement, kind, values, origin, rider)


def _write_unlocked(
    statement_of: Callable[[TargetKind, str, str], str],
    kind: TargetKind,
    values: Sequence[Any],
    origin: Origin,
    rider: Rider | None,
) -> bool:
    ride = rider or NO_RIDER
    with one_statement(), connection.cursor() as cursor:
        cursor.execute(
            statement_of(kind, ride.condition, ride.insert),
            [*values, *ride.condition_values, *_values(origin), *ride.insert_values],
        )
        return cursor.fetchone() is not None


def _schema_values(schema_id: int, schema: SchemaState) -> list[int]:
    return [schema_id, schema.token, schema.transaction, schema.lists_revision]


def _inserted_row(creation: DetailsCreation) -> dict[str, Any]:
    return {
        "uid": creation.uid,
        **_derived(creation.compiled, creation.document, creation.username, creation.uid),
        **creation.own,
    }


def _updated_row(write: DetailsWrite, username: str | None) -> dict[str, Any]:
    return {
        "id": write.state.ref.id,
        **_derived(write.compiled, write.document, username, write.state.uid),
        **({} if write.name is None else name_columns(write.name)),
        "changes": [change.to_json() for change in write.changes],
        "paths": searchable_paths(change.path for change in write.changes),
    }


def _derived(
    compiled: CompiledSchema, document: Document, username: str | None, uid: UUID
) -> dict[str, Any]:
    """The columns that follow from a document: all are written together or not at all."""
    return {
        "details": document,
        "details_hash": details_hash(document).hex(),
        "schema_token": compiled.token,
        **schema_columns(compiled, document, username, uid),
    }


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
    if name in sql.JSON_COLUMNS:
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
