"""Targets: what has details. Contacts and legal entities take one path; `TargetKind` differs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from crmschema.documents import Document
from crmschema.selectors import SchemaState


@dataclass(frozen=True, slots=True, eq=False)
class TargetKind:
    """Where a kind of target is stored. `own_columns` are what its table has beyond
    `DetailsTarget`, with their SQL types; all are constants of the code, never input.
    """

    name: str
    table: str
    reference: str
    own_columns: Mapping[str, str] = field(default_factory=dict)


CONTACT = TargetKind(
    name="contact",
    table="contacts_contact",
    reference="contact_id",
    own_columns={"contact_type_id": "int", "username": "text", "username_folded": "text"},
)
LEGAL_ENTITY = TargetKind(
    name="legal entity", table="legalentities_legalentity", reference="legal_entity_id"
)


SCHEMA_COLUMNS = {"search": "jsonb", "display_name": "text", "display_name_folded": "text"}
"""The columns of a target that follow from its document by what the schema says (and from its
username), with their SQL types. They change with the schema; all others only with a write.
"""


@dataclass(frozen=True, slots=True)
class TargetRef:
    """One target and the schema that rules its details."""

    kind: TargetKind
    id: int
    schema_id: int
    schema_key: str


@dataclass(frozen=True, slots=True)
class TargetState:
    """A target as it stands, read under its lock or not. `pending`: values that wait, by channel
    (V1). `row_transaction` is the transaction that wrote the row: any other makes it another.
    """

    ref: TargetRef
    uid: UUID
    version: int
    row_transaction: int
    details: Document
    username: str | None
    is_anonymised: bool
    schema: SchemaState
    pending: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TargetProspect:
    """What a new target will be: its id, which nobody else gets, and the schema as it was read."""

    target_id: int
    schema_id: int
    schema: SchemaState
