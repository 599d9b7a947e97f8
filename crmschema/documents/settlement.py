"""The second half of a submission: what a proposed document comes to, or why it is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmschema.compiler.model import Alias, CompiledSchema, Field
from crmschema.conditions import hidden_leaves
from crmschema.documents.diff import Change, diff
from crmschema.documents.errors import unexcused
from crmschema.documents.normalise import without_empty
from crmschema.documents.places import places, value_at, values_by_row, with_value
from crmschema.documents.values import Document, same
from crmschema.validation import DetailError, validate


@dataclass(frozen=True, slots=True)
class Settlement:
    """A document as it would be stored, and the changes that lead to it from the stored one."""

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
) -> Settlement:
    """Complete, validate and compare a proposed document in normal form (D2-D7, D12, S4).

    Values that a condition hides are removed, the display name is composed, and every error that
    this submission answers for is found, all at once. With `is_decided` the changes were checked
    when a member submitted them: read-only fields are not looked at again. Pure; both documents
    are left as they are.
    """
    errors: list[DetailError] = []
    document = _with_composed_name(compiled, stored, proposed, errors)
    if for_member and not is_decided:
        errors.extend(_read_only(compiled, stored, document))
    document = _without_hidden(compiled, stored, document, errors)
    changes = diff(stored, document)
    found = validate(compiled, document, for_member=for_member, stored=stored)
    if found:
        before = validate(compiled, stored, for_member=for_member, stored=stored)
        errors.extend(unexcused(found, before, document=document, stored=stored, changes=changes))
    return Settlement(document, changes, errors)


def display_name(compiled: CompiledSchema, document: Document) -> str | None:
    """The name that the document gives (D12): the display name field, None without one."""
    field = compiled.by_alias.get(Alias.DISPLAY_NAME)
    value = value_at(document, field.path) if field else None
    return value if isinstance(value, str) else None


def _with_composed_name(
    compiled: CompiledSchema, stored: Document, document: Document, errors: list[DetailError]
) -> Document:
    """The document with its name composed; a sent one must be that or the stored one (D12)."""
    field = compiled.composed_name
    if field is None:
        return document
    composed = _compose(compiled, document)
    sent = value_at(document, field.path)
    if sent is not None and sent not in (composed, value_at(stored, field.path)):
        errors.append(_error(field.path, "ReadOnly", field, "The server composes this name."))
    if sent == composed:
        return document
    return without_empty(with_value(document, field.path, composed))


def _compose(compiled: CompiledSchema, document: Document) -> str | None:
    """First and last name, else the legal name, cut to the field's length."""
    person = [
        _text(compiled, document, Alias.FIRST_NAME),
        _text(compiled, document, Alias.LAST_NAME),
    ]
    name = " ".join(part for part in person if part) or _text(compiled, document, Alias.LEGAL_NAME)
    field = compiled.composed_name
    limit = field.max_length if field else None
    return name[:limit].strip() or None


def _text(compiled: CompiledSchema, document: Document, alias: Alias) -> str:
    field = compiled.by_alias.get(alias)
    value = value_at(document, field.path) if field else None
    return value.strip() if isinstance(value, str) else ""


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
    for leaf in hidden_leaves(compiled, document):
        for index, place in enumerate(places(document, leaf.field)):
            if place.value is None or leaf.row not in (None, index):
                continue
            if not same(place.value, values_by_row(stored, leaf.field).get(place.row)):
                message = "The field is hidden by its condition and takes no value."
                errors.append(_error(place.path, "FieldHidden", leaf.field, message, leaf.row))
            if leaf.field.clear_on_hide:
                result = with_value(result, place.path, None)
    return document if result is document else without_empty(result)


def _error(path: str, code: str, field: Field, message: str, row: int | None = None) -> DetailError:
    return DetailError(path, code, message, field.path, row)
