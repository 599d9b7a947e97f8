"""Compares single attributes of a field or grid that two versions of a schema share."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from crmschema.compiler.model import Field, FieldType, GridNode
from crmschema.evolution.model import ChangeKind, Effect, Value


class Difference(NamedTuple):
    """A change without the place where it is."""

    kind: ChangeKind
    effect: Effect
    attribute: str | None = None
    before: Value = None
    after: Value = None


# Whether a greater value tightens the rule. None is no limit at all.
_FIELD_LIMITS: Final = {
    "min_length": ("minLength", True),
    "max_length": ("maxLength", False),
    "minimum": ("minValue", True),
    "maximum": ("maxValue", False),
    "min_date": ("minDate", True),
    "max_date": ("maxDate", False),
    "max_items": ("maxItems", False),
    "decimals": ("decimal", False),
}
_GRID_LIMITS: Final = {"min_rows": ("minRows", True), "max_rows": ("maxRows", False)}
_FLAGS: Final = {
    "is_exportable": "isExportable",
    "is_read_only": "isReadOnly",
    "is_approval_required": "isApprovalRequired",
    "is_verification_required": "isVerificationRequired",
    "is_personal_data": "isPersonalData",
    "is_filterable": "isFilterable",
    "is_hidden": "isHidden",
}
_TEXT_TYPES: Final = frozenset({FieldType.TEXT, FieldType.TEXT_AREA})
_WIDENED_TYPES: Final = frozenset({(FieldType.INTEGER, FieldType.DECIMAL)})


def field_differences(old: Field, new: Field) -> Iterator[Difference]:
    """Everything but the place in the document."""
    yield from _type(old, new)
    yield from _required(
        old.is_required and not old.is_hidden, new.is_required and not new.is_hidden
    )
    yield from _limits(old, new, _FIELD_LIMITS)
    yield from _pattern(old, new)
    yield from _hierarchy(old, new)
    yield from _conditions(old, new)
    for name, attribute in _FLAGS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Difference(ChangeKind.FLAG, Effect.COMPATIBLE, attribute, before, after)
    if old.alias != new.alias:
        # Login, messages and names follow the alias: documents decide whether that breaks anything.
        yield Difference(ChangeKind.ALIAS, Effect.BREAKING, None, old.alias, new.alias)
    texts = ("label", "tooltip", "placeholder")
    if any(getattr(old, name) != getattr(new, name) for name in texts):
        yield Difference(ChangeKind.TEXTS, Effect.COMPATIBLE)


def grid_differences(old: GridNode, new: GridNode) -> Iterator[Difference]:
    """What a grid says beside its place and its fields."""
    yield from _required(old.is_required, new.is_required)
    yield from _limits(old, new, _GRID_LIMITS)
    if set(old.conditions) != set(new.conditions):
        yield Difference(ChangeKind.CONDITION, Effect.BREAKING)
    if old.label != new.label:
        yield Difference(ChangeKind.TEXTS, Effect.COMPATIBLE)


def _type(old: Field, new: Field) -> Iterator[Difference]:
    if old.type is not new.type:
        is_wider = {old.type, new.type} <= _TEXT_TYPES or (old.type, new.type) in _WIDENED_TYPES
        effect = Effect.COMPATIBLE if is_wider else Effect.REFUSED
        yield Difference(ChangeKind.RETYPED, effect, None, old.type, new.type)
    elif old.list_key != new.list_key:
        yield Difference(ChangeKind.LIST, Effect.REFUSED, None, old.list_key, new.list_key)
    elif old.currency != new.currency:
        # Stored amounts would pass and mean something else.
        yield Difference(ChangeKind.CURRENCY, Effect.BREAKING, None, old.currency, new.currency)


def _required(before: bool, after: bool) -> Iterator[Difference]:
    if before != after:
        effect = Effect.BREAKING if after else Effect.COMPATIBLE
        yield Difference(ChangeKind.REQUIRED, effect, None, before, after)


def _limits(old: Any, new: Any, limits: dict[str, tuple[str, bool]]) -> Iterator[Difference]:
    """Any: fields or grids."""
    for name, (attribute, is_lower) in limits.items():
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        is_tighter = after is not None and (
            before is None or (after > before if is_lower else after < before)
        )
        effect = Effect.BREAKING if is_tighter else Effect.COMPATIBLE
        yield Difference(ChangeKind.LIMIT, effect, attribute, _plain(before), _plain(after))


def _pattern(old: Field, new: Field) -> Iterator[Difference]:
    if old.pattern != new.pattern:
        # Which of two patterns allows more cannot be told in general.
        effect = Effect.COMPATIBLE if new.pattern is None else Effect.BREAKING
        yield Difference(ChangeKind.LIMIT, effect, "pattern", old.pattern, new.pattern)


def _hierarchy(old: Field, new: Field) -> Iterator[Difference]:
    before, after = old.list_hierarchy_path, new.list_hierarchy_path
    if before != after:
        effect = Effect.COMPATIBLE if after is None else Effect.BREAKING
        yield Difference(ChangeKind.HIERARCHY, effect, None, before, after)


def _conditions(old: Field, new: Field) -> Iterator[Difference]:
    """Own conditions and those around it; a value that is now removed when hidden counts too."""
    if set(old.conditions) != set(new.conditions):
        yield Difference(ChangeKind.CONDITION, Effect.BREAKING)
    elif old.clear_on_hide != new.clear_on_hide:
        loses = new.clear_on_hide and bool(new.conditions)
        effect = Effect.BREAKING if loses else Effect.COMPATIBLE
        yield Difference(
            ChangeKind.FLAG, effect, "clearOnHide", old.clear_on_hide, new.clear_on_hide
        )


def _plain(value: Any) -> Value:  # Any: a number or a date
    return value if value is None or isinstance(value, (int, float)) else str(value)
