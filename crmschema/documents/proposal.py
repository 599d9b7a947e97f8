"""The first half of a submission: from a request body to the document that it proposes."""

from collections.abc import Mapping
from enum import Enum, auto

from crmschema.compiler.model import CompiledSchema, Field
from crmschema.documents.normalise import normalise
from crmschema.documents.places import places, values_by_row, with_value
from crmschema.documents.values import Document, JsonValue


class Mode(Enum):
    """How a body meets the stored document (D1)."""

    PATCH = auto()
    PUT = auto()


def propose(
    compiled: CompiledSchema,
    *,
    stored: Document,
    body: Mapping[str, JsonValue],
    mode: Mode,
    for_member: bool,
) -> Document:
    """The document that `body` proposes in place of `stored`, in normal form; `stored` is left as
    it is (D1, D3, D8). A PATCH merges, a PUT replaces. Where a member leaves a read-only field
    out of what it replaces, the stored value is kept: always in a PUT, in rows also in a PATCH,
    because arrays are replaced whole. A row that is left out is removed.
    """
    merged = merge_patch(stored, body) if mode is Mode.PATCH else body
    proposed = normalise(compiled, merged, stored)
    if for_member:
        for field in compiled.read_only:
            if mode is Mode.PUT or field.grid is not None:
                proposed = _kept(field, stored, proposed)
    return proposed


def merge_patch(stored: Mapping[str, JsonValue], patch: Mapping[str, JsonValue]) -> Document:
    """The JSON merge patch of RFC 7396: null removes, objects merge, all else replaces. What is
    not touched is shared with `stored`, which is left as it is.
    """
    merged = dict(stored)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            below = merged.get(key)
            merged[key] = merge_patch(below if isinstance(below, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def _kept(field: Field, stored: Document, proposed: Document) -> Document:
    """`proposed` with the stored values of a field where it has none: in its row, if that stays."""
    before = values_by_row(stored, field)
    if before:
        for place in places(proposed, field):
            if place.value is None and place.row in before:
                proposed = with_value(proposed, place.path, before[place.row])
    return proposed
