"""Turns the errors of the JSON Schema validator into those of the product."""

from collections.abc import Iterable, Iterator
from typing import Final

import jsonschema_rs

from crmschema.compiler.model import CompiledSchema, Field, FieldType, GridNode
from crmschema.compiler.patterns import FORMAT_PATTERNS, ITEM_KEY_PATTERN, NON_BLANK
from crmschema.validation.errors import ErrorCode
from crmschema.validation.places import Spot, spot_of

_DATES: Final = frozenset({FieldType.DATE, FieldType.DATE_TIME})
_CODES_BY_PATTERN: Final = {
    NON_BLANK: ErrorCode.REQUIRED,
    ITEM_KEY_PATTERN: ErrorCode.NOT_IN_LIST,
    **dict.fromkeys(FORMAT_PATTERNS, ErrorCode.FORMAT),
}
_CODES: Final = {
    "type": ErrorCode.TYPE,
    "enum": ErrorCode.NOT_IN_LIST,
    # The only constant is a checkbox that must be ticked.
    "const": ErrorCode.REQUIRED,
    "minLength": ErrorCode.MIN_LENGTH,
    "maxLength": ErrorCode.MAX_LENGTH,
    "minimum": ErrorCode.MINIMUM,
    "maximum": ErrorCode.MAXIMUM,
    "maxItems": ErrorCode.MAX_ITEMS,
    "uniqueItems": ErrorCode.UNIQUE_ITEMS,
}

Finding = tuple[Spot, ErrorCode]


def findings(
    compiled: CompiledSchema,
    errors: Iterable[jsonschema_rs.ValidationError],
) -> Iterator[Finding]:
    """Place and code of every error; one place may come more than once."""
    for error in errors:
        keyword = error.kind.name
        if keyword == "anyOf":
            # The alternatives are the value's form and null; what is wrong with the form counts.
            yield from findings(compiled, error.kind.value[0])
            continue
        spot = spot_of(compiled, error.instance_path)
        if keyword == "required":
            yield spot.below(error.kind.value), ErrorCode.REQUIRED
        elif keyword == "additionalProperties":
            for key in error.kind.value:
                yield spot.below(key), ErrorCode.UNKNOWN_FIELD
        elif keyword == "pattern":
            yield spot, _pattern_code(spot.field, error)
        elif keyword == "minItems":
            is_grid = isinstance(spot.node, GridNode)
            yield spot, ErrorCode.MIN_ITEMS if is_grid else ErrorCode.REQUIRED
        else:
            yield spot, _CODES[keyword]


def _pattern_code(field: Field | None, error: jsonschema_rs.ValidationError) -> ErrorCode:
    code = _CODES_BY_PATTERN.get(error.kind.value, ErrorCode.PATTERN)
    if code is not ErrorCode.PATTERN or field is None or field.type not in _DATES:
        return code
    # The only other patterns of dates are their bounds, whose texts begin with the day.
    is_early = field.min_date is not None and str(error.instance) < field.min_date.isoformat()
    return ErrorCode.MINIMUM if is_early else ErrorCode.MAXIMUM


def significant(found: Iterable[Finding]) -> list[Finding]:
    """Each finding once; where a type is wrong or a value missing, the rest of it says nothing."""
    by_place: dict[tuple[str, int | None], dict[ErrorCode, Spot]] = {}
    for spot, code in found:
        by_place.setdefault((spot.path, spot.row), {}).setdefault(code, spot)
    return [
        (spot, code)
        for codes in by_place.values()
        for code, spot in codes.items()
        if code is _leading(codes) or _leading(codes) is None
    ]


def _leading(codes: dict[ErrorCode, Spot]) -> ErrorCode | None:
    for code in (ErrorCode.TYPE, ErrorCode.REQUIRED, ErrorCode.FORMAT):
        if code in codes:
            return code
    return None
