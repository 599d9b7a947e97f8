"""What the change of a schema does to the columns of exports (E1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmschema.compiler.model import CompiledSchema
from crmschema.evolution.model import ChangeKind, SchemaChange

_HEADER_KINDS = frozenset({ChangeKind.RETYPED, ChangeKind.LIST, ChangeKind.CURRENCY})


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column that comes (`Added`), goes (`Removed`) or means something else (`Changed`)."""

    path: str
    change: str


def column_changes(
    old: CompiledSchema, new: CompiledSchema, changes: Iterable[SchemaChange]
) -> list[ColumnChange]:
    """The columns that differ, those that go first."""
    before = {field.path for field in old.fields if field.is_exportable}
    after = {field.path for field in new.fields if field.is_exportable}
    altered = {change.path for change in changes if change.kind in _HEADER_KINDS}
    return [
        *(
            ColumnChange(field.path, "Removed")
            for field in old.fields
            if field.path in before - after
        ),
        *(
            ColumnChange(field.path, "Added")
            for field in new.fields
            if field.path in after - before
        ),
        *(
            ColumnChange(field.path, "Changed")
            for field in new.fields
            if field.path in after & before & altered
        ),
    ]
