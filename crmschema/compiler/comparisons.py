"""What a condition's `eq` means for each type of controlling field (schema format, 4.2)."""

from typing import Final

from crmschema.compiler.model import FieldType
from crmschema.compiler.values import as_number
from crmschema.compiler.visibility import Comparison

_NUMBERS: Final = frozenset(
    {FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY, FieldType.PERCENT}
)
_ARRAYS: Final = frozenset({FieldType.MULTI_LIST, FieldType.ARRAY})


def comparison_of(
    field_type: FieldType, equals: str
) -> tuple[Comparison, str | int | float | bool]:
    """How to compare, and with what. Raises ValueError when the type never has such a value."""
    if field_type is FieldType.BOOLEAN:
        if equals not in {"true", "false"}:
            raise ValueError("must be true or false")
        # An absent Boolean counts as false: whatever is not true equals "false".
        return (Comparison.TRUE if equals == "true" else Comparison.NOT_TRUE), True
    if field_type in _NUMBERS:
        return Comparison.NUMBER, as_number(equals)
    if field_type in _ARRAYS:
        return Comparison.CONTAINS, equals
    return Comparison.TEXT, equals
