"""Changes as people read them: what changed, where, from which value to which."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmschema.compiler.model import CompiledSchema, LayoutType
from crmschema.documents import Change, JsonValue, is_grid, row_path
from crmschema.presentation.values import shown, shown_rows
from crmschema.rendering import is_marked, ordered

_TITLED = frozenset({LayoutType.PANEL, LayoutType.FIELD_SET, LayoutType.TAB})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change stands: the field's label, its section, and the row in a grid (from 1)."""

    label: str
    section: str
    row: int | None
    row_id: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One changed leaf. Texts are None when the value is missing."""

    path: str
    place: Place
    original: str | None
    target: str | None
    is_approval_required: bool
    is_order: bool


def change_rows(
    compiled: CompiledSchema, changes: Iterable[Change], language: str
) -> list[ChangeRow]:
    """The changes in the order of the schema's fields."""
    return [change_row(compiled, change, language) for change in ordered(compiled, changes)]


def change_row(compiled: CompiledSchema, change: Change, language: str) -> ChangeRow:
    """One change; a path that the schema no longer has is its own label."""
    return ChangeRow(
        path=change.path,
        place=place_of(compiled, change, language),
        original=value_text(compiled, change, change.original, language),
        target=value_text(compiled, change, change.target, language),
        is_approval_required=is_marked(compiled, change),
        is_order=change.is_order,
    )


def value_text(
    compiled: CompiledSchema, change: Change, value: JsonValue, language: str
) -> str | None:
    """A value at the place of `change`: of a leaf, an order of rows, or a whole grid."""
    if value is None:
        return None
    if change.is_order:
        return ", ".join(map(str, value))
    if is_grid(value):
        return shown_rows(compiled, change.path, value, language)
    return shown(compiled, compiled.by_path.get(change.field_path), value, language)


def place_of(compiled: CompiledSchema, change: Change, language: str) -> Place:
    """The place of a change in words."""
    row = row_path(change.path)
    grid = compiled.grids.get(row.grid if row else change.field_path)
    field = compiled.by_path.get(change.field_path)
    label = field.label.in_language(language) if field else change.field_path.rpartition(".")[2]
    section = _section(compiled, change.field_path, language)
    if grid is not None:
        name = grid.label.in_language(language)
        section, label = (name, label) if row else (section, name)
    return Place(label, section, row.position + 1 if row else None, change.row_id)


def _section(compiled: CompiledSchema, path: str, language: str) -> str:
    field = compiled.by_path.get(path) or next(
        (each for each in compiled.fields if each.grid == path), None
    )
    titles = {
        element.key: element.label.in_language(language)
        for element in compiled.layout
        if element.type in _TITLED and not element.is_label_hidden
    }
    keys = field.layout_path if field else ()
    return next((titles[key] for key in keys if titles.get(key)), "")


def place_of_path(compiled: CompiledSchema, path: str, language: str) -> str:
    """A path of details in words, for messages about it: section, label and row."""
    place = place_of(compiled, Change(path, None, None), language)
    parts = [place.section, place.label] if place.section else [place.label]
    text = " / ".join(parts)
    return f"{text} [{place.row}]" if place.row is not None else text
