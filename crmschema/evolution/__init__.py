"""From one version of a schema to the next: what differs, in words, and for stored documents."""

from crmschema.evolution.columns import ColumnChange, column_changes
from crmschema.evolution.compare import compare, is_another_at
from crmschema.evolution.examine import Examiner, Found, HeldPath
from crmschema.evolution.model import ChangeKind, Effect, SchemaChange
from crmschema.evolution.revivals import data_paths, new_places
from crmschema.evolution.tally import MAX_IDS, Finding, Tally
from crmschema.evolution.wording import change_output, change_text

__all__ = [
    "MAX_IDS",
    "ChangeKind",
    "ColumnChange",
    "Effect",
    "Examiner",
    "Finding",
    "Found",
    "HeldPath",
    "SchemaChange",
    "Tally",
    "change_output",
    "change_text",
    "column_changes",
    "compare",
    "data_paths",
    "is_another_at",
    "new_places",
]
