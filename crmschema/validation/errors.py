"""What can be wrong with one place of a document."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """Stable names of the ways in which details can be wrong (D2)."""

    REQUIRED = "Required"
    TYPE = "Type"
    FORMAT = "Format"
    PATTERN = "Pattern"
    MIN_LENGTH = "MinLength"
    MAX_LENGTH = "MaxLength"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    MIN_ITEMS = "MinItems"
    MAX_ITEMS = "MaxItems"
    UNIQUE_ITEMS = "UniqueItems"
    UNKNOWN_FIELD = "UnknownField"
    NOT_IN_LIST = "NotInList"
    INACTIVE_ITEM = "InactiveItem"
    LIST_HIERARCHY = "ListHierarchy"
    DECIMALS = "Decimals"
    ROW_ID_NOT_UNIQUE = "RowIdNotUnique"


MESSAGES: Final = {
    ErrorCode.REQUIRED: "A value is required.",
    ErrorCode.TYPE: "The value has the wrong type.",
    ErrorCode.FORMAT: "The value does not have the format of its type.",
    ErrorCode.PATTERN: "The value does not match the pattern.",
    ErrorCode.MIN_LENGTH: "The text is too short.",
    ErrorCode.MAX_LENGTH: "The text is too long.",
    ErrorCode.MINIMUM: "The value lies below the minimum.",
    ErrorCode.MAXIMUM: "The value lies above the maximum.",
    ErrorCode.MIN_ITEMS: "There are too few entries.",
    ErrorCode.MAX_ITEMS: "There are too many entries.",
    ErrorCode.UNIQUE_ITEMS: "The entries are not all different.",
    ErrorCode.UNKNOWN_FIELD: "The schema has no such field.",
    ErrorCode.NOT_IN_LIST: "The value is not the key of an item of the list.",
    ErrorCode.INACTIVE_ITEM: "The item is no longer in use.",
    ErrorCode.LIST_HIERARCHY: "The item does not belong to the item of the parent field.",
    ErrorCode.DECIMALS: "The number has too many decimal places.",
    ErrorCode.ROW_ID_NOT_UNIQUE: "Another row of the grid has the same id.",
}


@dataclass(frozen=True, slots=True)
class DetailError:
    """One error of a document.

    `path` has row indexes (`contactInformation.addresses[0].city`), `field_path` has none. `row` is
    the index of the grid row the error is in. `message` never contains a value of the client.
    """

    path: str
    code: str
    message: str
    field_path: str
    row: int | None


def detail_error(
    code: ErrorCode, field_path: str, grid: str | None, row: int | None
) -> DetailError:
    """The error at an index-free path; `row` is the row of `grid` that it is in, if any."""
    path = field_path
    if grid is not None and row is not None:
        path = f"{grid}[{row}]{field_path[len(grid) :]}"
    return DetailError(path, code.value, MESSAGES[code], field_path, row)
