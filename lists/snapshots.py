"""Immutable pictures of value lists, as schemas and renderers use them. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemSnapshot:
    """One list item. `parent_key` is the key of the parent item (in the parent list), if any."""

    id: int
    key: str
    labels: Mapping[str, str]
    parent_key: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class ListSnapshot:
    """A list at one revision; `items` keeps the list's order and holds inactive items too (S6)."""

    key: str
    revision: int
    items: Mapping[str, ItemSnapshot]
