"""A whole document as sections of labelled values, laid out as its schema lays it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from crmschema.compiler.model import CompiledSchema, Field, FieldType, LayoutElement, LayoutType
from crmschema.conditions import hidden_grids, hidden_leaves
from crmschema.documents import Document, JsonValue, value_at
from crmschema.presentation.values import shown

_TITLED = frozenset(
    {LayoutType.PANEL, LayoutType.FIELD_SET, LayoutType.TAB, LayoutType.WELL, LayoutType.CONTAINER}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One field: label and text, None when it has no value."""

    path: str
    label: str
    text: str | None
    is_long: bool
    is_approval_required: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: labels of its columns, and rows of texts with their ids. A cell is None when it has
    no value or does not apply to its row.
    """

    path: str
    label: str
    columns: Sequence[str]
    rows: Sequence[tuple[str | None, Sequence[str | None]]]
    has_ids: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What stands under one heading; the first group of a section has none."""

    heading: str
    entries: Sequence[Entry]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Section:
    """One panel of the page."""

    title: str
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is the same for all fields of one page."""

    compiled: CompiledSchema
    document: Document
    language: str
    hidden: frozenset[tuple[str, int | None]]
    layout: Mapping[str, LayoutElement]


def sections(compiled: CompiledSchema, document: Document, language: str) -> list[Section]:
    """The document in the order of the schema. What a condition or the schema hides is left out;
    a section with nothing in it too.
    """
    reader = _reader(compiled, document, language)
    found = []
    for _, fields in groupby(_visible(reader), key=lambda field: _titles(reader, field)[0]):
        section = list(fields)
        groups = [
            _group(reader, heading, list(members))
            for heading, members in groupby(section, key=lambda field: _titles(reader, field)[1])
        ]
        found.append(Section(_titles(reader, section[0])[0], groups))
    return found


def _reader(compiled: CompiledSchema, document: Document, language: str) -> _Reader:
    hidden = {(leaf.field.path, leaf.row) for leaf in hidden_leaves(compiled, document)}
    hidden |= {(grid.path, None) for grid in hidden_grids(compiled, document)}
    layout = {element.key: element for element in compiled.layout}
    return _Reader(compiled, document, language, frozenset(hidden), layout)


def _visible(reader: _Reader) -> Iterable[Field]:
    for field in reader.compiled.fields:
        gone = (field.path, None) in reader.hidden or (field.grid, None) in reader.hidden
        if not field.is_hidden and not gone:
            yield field


def _titles(reader: _Reader, field: Field) -> tuple[str, str]:
    """The titles of the field's section and group. A container inside a panel of the same name
    says nothing new; one with a hidden label serves where nothing else has a title. A grid is its
    own heading.
    """
    holders = [reader.layout[key] for key in field.layout_path]
    labelled = [
        (element, element.label.in_language(reader.language))
        for element in holders
        if element.type in _TITLED
    ]
    titles = [label for element, label in labelled if label and not element.is_label_hidden]
    titles = titles or [label for _, label in labelled if label][:1] or [""]
    section, heading = titles[0], titles[-1]
    return section, "" if heading == section else heading


def _group(reader: _Reader, heading: str, fields: Sequence[Field]) -> Group:
    entries = [_entry(reader, field) for field in fields if field.grid is None]
    in_grids = [field for field in fields if field.grid is not None]
    tables = [
        _table(reader, grid, list(columns))
        for grid, columns in groupby(in_grids, key=lambda field: field.grid or "")
    ]
    return Group(heading, entries, tables)


def _entry(reader: _Reader, field: Field) -> Entry:
    value = value_at(reader.document, field.path)
    return Entry(
        path=field.path,
        label=field.label.in_language(reader.language),
        text=shown(reader.compiled, field, value, reader.language),
        is_long=field.type is FieldType.TEXT_AREA,
        is_approval_required=field.is_approval_required,
    )


def _table(reader: _Reader, grid: str, fields: Sequence[Field]) -> Table:
    stored = value_at(reader.document, grid)
    rows = [row for row in stored if isinstance(row, dict)] if isinstance(stored, list) else []
    columns = [
        field
        for field in fields
        if not rows or any((field.path, index) not in reader.hidden for index in range(len(rows)))
    ]
    ids = [row.get("id") for row in rows]
    return Table(
        path=grid,
        label=reader.compiled.grids[grid].label.in_language(reader.language),
        columns=[field.label.in_language(reader.language) for field in columns],
        rows=[
            (ids[index], [_cell(reader, grid, field, index, row) for field in columns])
            for index, row in enumerate(rows)
        ],
        has_ids=any(row_id is not None for row_id in ids),
    )


def _cell(reader: _Reader, grid: str, field: Field, index: int, row: JsonValue) -> str | None:
    if (field.path, index) in reader.hidden:
        return None
    value = value_at(row, field.path.removeprefix(f"{grid}."))
    return shown(reader.compiled, field, value, reader.language)
