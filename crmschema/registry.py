"""What the apps above do for schemas: documents to check, and what follows a save."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from config.common.actors import Actor
from config.common.registry import Registry, Slot
from crmschema.compiler.model import Alias, CompiledSchema

SCHEMA_SAVED: Registry[Callable[[Actor, CompiledSchema], None]] = Registry()
"""Called under the schema's exclusive lock with what the save compiled to."""


class StoredDocument(NamedTuple):
    """The details of one target."""

    id: int
    details: Mapping[str, Any]  # Any: a JSON document
    is_anonymised: bool


class Holding(NamedTuple):
    """How many documents hold a value at a place, and the first ids."""

    number: int
    ids: Sequence[int]


class RebuiltPage(NamedTuple):
    """What became of the next documents in order of id: how many were looked at, how many of them
    got other names or filters, and the last id.
    """

    checked: int
    rebuilt: int
    last_id: int


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """The stored documents of one kind of target. Each function takes the schema's key first.

    `page` gives those after an id, at most so many, in order of id; `written_page` only those that
    were written after a mark. `holding` counts, for each place (path and the grid it is in), the
    documents that hold a value there, with at most so many ids. `rebuild` computes what is stored
    of names and filters anew, for those after an id, at most so many: it expects a transaction, and
    fewer than that many were the last. `fixed_aliases` are those whose values something outside the
    details follows, so that no schema may give them another source.
    """

    kind: str
    count: Callable[[str], int]
    page: Callable[[str, int, int], Sequence[StoredDocument]]
    written_page: Callable[[str, int, int, int], Sequence[StoredDocument]]
    holding: Callable[[str, Sequence[tuple[str, str | None]], int], Sequence[Holding]]
    rebuild: Callable[[str, int, int], RebuiltPage]
    fixed_aliases: Callable[[], Set[Alias]] = frozenset


DOCUMENT_SOURCES: Registry[DocumentSource] = Registry()
"""Every kind of target, always in the same order."""

WRITES_MARK: Slot[Callable[[], int]] = Slot("the mark of writes of details")
"""The number of the latest write of details that has begun: later ones have greater numbers."""


class RequestsTouched(NamedTuple):
    """Pending change requests that a save would touch: `superseded` are those that it ends (C7),
    `affected` those that change what the schema tightens or removes.
    """

    superseded: Sequence[int]
    affected: Sequence[int]


PENDING_REQUESTS: Slot[Callable[[CompiledSchema, frozenset[str]], RequestsTouched]] = Slot(
    "the pending change requests of a schema"
)
"""Asked with what would be saved and the index-free paths, in both versions, that it touches."""
