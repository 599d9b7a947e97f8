"""What differs between two versions of a schema, and what that means for stored documents."""

from dataclasses import dataclass
from enum import StrEnum

from crmschema.compiler.model import Text

Value = str | int | float | bool | None


class Effect(StrEnum):
    """What a change may do (schema format, 10).

    A compatible one touches no stored value. A breaking one removes, tightens or newly requires:
    documents decide whether it does. A refused one is never possible where documents hold values.
    """

    COMPATIBLE = "Compatible"
    BREAKING = "Breaking"
    REFUSED = "Refused"


class ChangeKind(StrEnum):
    """The kinds of changes."""

    ADDED = "Added"
    REVIVED = "Revived"
    REMOVED = "Removed"
    RENAMED = "Renamed"
    MOVED = "Moved"
    RETYPED = "Retyped"
    LIST = "List"
    CURRENCY = "Currency"
    REQUIRED = "Required"
    LIMIT = "Limit"
    HIERARCHY = "Hierarchy"
    CONDITION = "Condition"
    FLAG = "Flag"
    ALIAS = "Alias"
    TEXTS = "Texts"
    ORDER = "Order"
    LAYOUT = "Layout"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference. `path` is the index-free path in the newer version, of what was removed in
    the older one; empty for the schema as a whole. `previous_path` is set where it differs.

    `attribute` tells limits and flags apart (`maxLength`, `isExportable`). None is "not set".
    """

    kind: ChangeKind
    effect: Effect
    path: str
    label: Text
    is_grid: bool = False
    previous_path: str | None = None
    attribute: str | None = None
    before: Value = None
    after: Value = None

    @property
    def old_path(self) -> str:
        """Where the older version has it."""
        return self.previous_path or self.path


HELD_KINDS = frozenset(
    {
        ChangeKind.REVIVED,
        ChangeKind.REMOVED,
        ChangeKind.RENAMED,
        ChangeKind.MOVED,
        ChangeKind.RETYPED,
        ChangeKind.LIST,
        ChangeKind.CURRENCY,
    }
)
"""Kinds that concern every document that holds a value, whatever the value is."""
