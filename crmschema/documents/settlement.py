"""The second half of a submission: what a proposed document comes to, or why it is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmschema.compiler.model import Alias, CompiledSchema
from crmschema.conditions import hidden_leaves
from crmschema.documents.diff import Change, diff
from crmschema.documents.errors import unexcused
from crmschema.documents.normalise import without_empty
from crmschema.documents.places import places, set_value, value_at, values_by_row
from crmschema.documents.values import Document, copy_document, same
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
    document = copy_document(proposed)
    errors = [
        *_composed_name(compiled, stored, document),
        *(_read_only(compiled, stored, document) if for_member and not is_decided else ()),
        *_hide(compiled, stored, document),
    ]
    document = without_empty(document)
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


def _composed_name(
    compiled: CompiledSchema, stored: Document, document: Document
) -> Iterator[DetailError]:
    """Write the composed display name; a sent one must be it or the stored one (D12)."""
    field = compiled.composed_name
    if field is None:
        return
    composed = _compose(compiled, document)
    sent = value_at(document, field.path)
    if sent is not None and sent not in (composed, value_at(stored, field.path)):
        yield DetailError(
            field.path, "ReadOnly", "The display name is composed by the server.", field.path, None
        )
    if composed is not None or sent is not None:
        set_value(document, field.path, composed)


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
            if not same(place.value, before.pop(place.row, None)):
                yield DetailError(
                    place.path, "ReadOnly", "Only apps may write this field.", field.path, None
                )
        if field.grid is None and before:
            yield DetailError(
                field.path, "ReadOnly", "Only apps may write this field.", field.path, None
            )


def _hide(compiled: CompiledSchema, stored: Document, document: Document) -> Iterator[DetailError]:
    """Remove what conditions hide, in place; a newly sent value for it is an error (D6)."""
    for leaf in hidden_leaves(compiled, document):
        for index, place in enumerate(places(document, leaf.field)):
            if place.value is None or leaf.row not in (None, index):
                continue
            if not same(place.value, values_by_row(stored, leaf.field).get(place.row)):
                yield DetailError(
                    place.path,
                    "FieldHidden",
                    "The field is hidden by its condition and takes no value.",
                    leaf.field.path,
                    leaf.row,
                )
            if leaf.field.clear_on_hide:
                place.holder[place.key] = None
