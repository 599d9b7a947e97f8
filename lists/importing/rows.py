"""What one entry of a file says about an item, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from lists.exceptions import ListFileInvalid

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
PLACES = ("labels", "parent", "position", "is_active", "custom_attributes")
"""What an entry may say beside the key; what it does not say stays."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One entry. `line` is its line in a CSV file, its number in a JSON file. `values` has what it
    says, by the names of `PLACES`: labels by language (None: goes away), the parent as `KEY` or
    `list:KEY`, and so on; None empties.
    """

    line: int
    key: str
    values: Mapping[str, Any]  # Any: JSON values

    def to_json(self) -> dict[str, Any]:  # Any: JSON values
        """The stored form."""
        return {"line": self.line, "key": self.key, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that cannot be taken, and why."""

    line: int
    key: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Decoded:
    """The entries of a file: those that can be read, and those that cannot."""

    rows: list[ImportRow]
    refusals: list[Refusal]


def require_row_count(count: int) -> None:
    """Refuse a file with nothing in it, or with too much. Raises ListFileInvalid."""
    if count == 0:
        raise ListFileInvalid(gettext("The file holds no items."))
    if count > MAX_ROWS:
        raise too_many_rows()


def too_many_rows() -> ListFileInvalid:
    """The refusal of a file with too much in it."""
    return ListFileInvalid(gettext("The file holds more than %(most)d items.") % {"most": MAX_ROWS})
