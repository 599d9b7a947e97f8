"""What a list that comes with the product holds: shape of reference and demo data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from lists.models import ListSource


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """One item; `parent_key` is a key in the definition's parent list."""

    key: str
    labels: Mapping[str, str]
    parent_key: str | None = None


@dataclass(frozen=True, slots=True)
class ListDefinition:
    """One list with its items in order; `parent_list_key` names the list of their parents."""

    key: str
    labels: Mapping[str, str]
    source: ListSource
    items: tuple[ItemDefinition, ...]
    parent_list_key: str | None = None
