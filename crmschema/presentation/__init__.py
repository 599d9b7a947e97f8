"""Details as people read them on pages: labels, sections and formatted values. Pure."""

from crmschema.presentation.changes import (
    ChangeRow,
    change_row,
    change_rows,
    place_of_path,
    value_text,
)
from crmschema.presentation.document import Entry, Group, Section, Table, sections
from crmschema.presentation.grids import GridChange, RowMark, grid_change
from crmschema.presentation.values import shown, shown_rows

__all__ = [
    "ChangeRow",
    "Entry",
    "GridChange",
    "Group",
    "RowMark",
    "Section",
    "Table",
    "change_row",
    "change_rows",
    "grid_change",
    "place_of_path",
    "sections",
    "shown",
    "shown_rows",
    "value_text",
]
