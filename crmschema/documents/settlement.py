"""The second half of a submission: what a proposed document comes to, or why it is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.conditions import hidden_grids, hidden_leaves
from crmschema.documents.diff import Change, diff
from crmschema.documents.errors import unexcused
from crmschema.documents.fold import fold
from crmschema.documents.names import composed_of
from crmschema.documents.normalise import is_grid, without_empty
from crmschema.documents.places import places, value_at, values, values_by_row, with_value
from crmschema.documents.rows import row_id_of
from crmschema.documents.values import Document, same
from crmschema.validation import DetailError, validate

MAX_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Settlement:
    """A document as it would be stored, and the changes that lead to it from the stored one; of a
    new one none, for its history is the document. `proposed` is what it was made of.
    """

    proposed: Document
    document: Document
    changes: Sequence[Change]
    errors: Sequence[DetailError]


def settle(
    compiled: CompiledSchema,
    *,
    stored: Document,
    proposed: Document,
    for_member: bool,
    is_decided: bool = False,
    is_new: bool = False,
) -> Settlement:
    """Complete, validate and compare a proposed document in normal form (D2-D7, D12, S4).

    Values that a condition hides are removed, the display name is composed, and every error that
    this submission answers for is found, all at once. With `is_decided` the changes were checked
    when a member submitted them: read-only fields are not looked at again. `is_new` says that
    there is no stored document whose errors could excuse any. Without errors the document is what
    folding the changes into the stored one gives, to the letter (D11). Pure; both documents are
    left as they are.
    """
    errors: list[DetailError] = list(_absurd_grids(compiled, proposed))
    if errors:
        return Settlement(proposed, proposed, [], errors)
    named = _with_composed_name(compiled, stored, proposed, errors)
    if for_member and not is_decided:
        errors.extend(_read_only(compiled, stored, named))
    document = _without_hidden(compiled, stored, named, errors)
    if document is not named:
        document = _renamed(compiled, document)
    changes = [] if is_new else diff(stored, document)
    found = validate(compiled, document, for_member=for_member, stored=stored)
    if found and not is_new:
        before = validate(compiled, stored, for_member=for_member, stored=stored)
        found = list(unexcused(found, before, document=document, stored=stored, changes=changes))
    errors.extend(found)
    if not errors and not is_new:
        # A leaf that drops out (`1.0` for `1`) keeps its stored form. Paths of a document that is
        # refused may be anything.
        document = fold(stored, changes)
    return Settlement(proposed, document, changes, errors)


def _absurd_grids(compiled: CompiledSchema, document: Document) -> Iterator[DetailError]:
    """An error for each grid with more rows than any schema means: what follows looks at every
    row several times.
    """
    for path in compiled.grids:
        rows = value_at(document, path)
        if isinstance(rows, list) and len(rows) > MAX_ROWS:
            yield DetailError(path, "MaxItems", f"At most {MAX_ROWS} rows.", path, None)


def _with_composed_name(
    compiled: CompiledSchema, stored: Document, document: Document, errors: list[DetailError]
) -> Document:
    """The document with its name composed; a sent one must be that or the stored one (D12)."""
    field = compiled.composed_name
    if field is None:
        return document
    composed = composed_of(compiled, document)
    sent = value_at(document, field.path)
    if sent is not None and sent not in (composed, value_at(stored, field.path)):
        errors.append(_error(field.path, "ReadOnly", field, "The server composes this name."))
    if sent == composed:
        return document
    return without_empty(with_value(document, field.path, composed))


def _renamed(compiled: CompiledSchema, document: Document) -> Document:
    """The document with its name composed again, now that a part of it may be hidden; a name that
    is hidden itself stays away.
    """
    field = compiled.composed_name
    if field is None or value_at(document, field.path) is None:
        return document
    return without_empty(with_value(document, field.path, composed_of(compiled, document)))


def _read_only(
    compiled: CompiledSchema, stored: Document, document: Document
) -> Iterator[DetailError]:
    """An error for each read-only field that would get another value (D7)."""
    for field in compiled.read_only:
        before = values_by_row(stored, field)
        for place in places(document, field):
            if not same(place.value, before.get(place.row)):
                yield _error(place.path, "ReadOnly", field, "Only apps may write this field.")


def _without_hidden(
    compiled: CompiledSchema, stored: Document, document: Document, errors: list[DetailError]
) -> Document:
    """The document without what conditions hide; a newly sent value for it is an error (D6)."""
    result = document
    hidden: dict[str, set[int | None]] = {}
    for leaf in hidden_leaves(compiled, document):
        hidden.setdefault(leaf.field.path, set()).add(leaf.row)
    for path, rows in hidden.items():
        result = _without_field(compiled.by_path[path], rows, stored, result, errors)
    for grid in hidden_grids(compiled, document):
        errors.extend(_new_rows(stored, document, grid.path))
        result = _without_bare_rows(result, grid.path)
    return document if result is document else without_empty(result)


def _without_field(
    field: Field,
    rows: set[int | None],
    stored: Document,
    document: Document,
    errors: list[DetailError],
) -> Document:
    """The document without a hidden field's values in `rows`; None stands for no grid."""
    held = values(document, field)
    if all(held[row or 0] is None for row in rows):
        return document
    before = values_by_row(stored, field)
    result = document
    for index, place in enumerate(places(document, field)):
        row = None if field.grid is None else index
        if place.value is None or row not in rows:
            continue
        if not same(place.value, before.get(place.row)):
            errors.append(_hidden(place.path, field.path, row))
        if field.clear_on_hide:
            result = with_value(result, place.path, None)
    return result


def _new_rows(stored: Document, document: Document, path: str) -> Iterator[DetailError]:
    """An error for each id of a row that the stored grid, hidden by now, does not have."""
    known = {row_id_of(row) for row in _rows(stored, path)}
    for index, row in enumerate(_rows(document, path)):
        row_id = row_id_of(row)
        if row_id is not None and row_id not in known:
            yield _hidden(f"{path}[{index}].id", f"{path}.id", index)


def _without_bare_rows(document: Document, path: str) -> Document:
    """The document without the rows of a hidden grid that hold nothing but their id now."""
    rows = _rows(document, path)
    kept = [row for row in rows if without_empty(row).keys() - {"id"}]
    return document if len(kept) == len(rows) else with_value(document, path, kept or None)


def _error(path: str, code: str, field: Field, message: str) -> DetailError:
    return DetailError(path, code, message, field.path, None)


def _rows(document: Document, path: str) -> list[Document]:
    rows = value_at(document, path)
    return rows if is_grid(rows) else []


def _hidden(path: str, field_path: str, row: int | None) -> DetailError:
    message = "The field is hidden by its condition and takes no value."
    return DetailError(path, "FieldHidden", message, field_path, row)
