"""Checks what fields say about each other and about lists."""

import re
from collections.abc import Mapping
from typing import Final

from crmschema.compiler.model import Alias, Field, FieldType
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.tree import Tree
from lists.snapshots import ListSnapshot

ALIAS_TYPES: Final = {
    Alias.PRIMARY_EMAIL: FieldType.EMAIL,
    Alias.PRIMARY_MOBILE: FieldType.PHONE,
    Alias.DISPLAY_NAME: FieldType.TEXT,
    Alias.FIRST_NAME: FieldType.TEXT,
    Alias.LAST_NAME: FieldType.TEXT,
    Alias.LEGAL_NAME: FieldType.TEXT,
    Alias.DATE_OF_BIRTH: FieldType.DATE,
    Alias.LANGUAGE: FieldType.LIST,
}
_CHANNELS: Final = frozenset({Alias.PRIMARY_EMAIL, Alias.PRIMARY_MOBILE})
# One match over all keys is much faster than one match for each.
_ITEM_KEYS = re.compile(r"(?:[A-Z][A-Z0-9_.-]{0,63}\n)*")
_FORBIDDEN_ITEM_KEYS: Final = frozenset({"TRUE", "FALSE"})


def check_references(
    tree: Tree, lists: Mapping[str, ListSnapshot], problems: Problems
) -> dict[Alias, Field]:
    """Note wrong aliases, verification flags, lists and hierarchies. Returns the aliased fields."""
    by_alias: dict[Alias, Field] = {}
    by_path = {field.path: field for field in tree.fields}
    judged: dict[str, str | None] = {}
    for field in tree.fields:
        place = tree.places[field.path]
        if field.alias is not None:
            _check_alias(field, field.alias, by_alias, place, problems)
        if field.is_verification_required and field.alias not in _CHANNELS:
            message = "Only fields with alias PrimaryEmail or PrimaryMobile can be verified."
            problems.add(place, "VerificationNotAllowed", message)
        if field.list_key is not None:
            _check_list(field.list_key, lists, judged, place, problems)
            if field.list_hierarchy_path is not None:
                _check_hierarchy(field, by_path.get(field.list_hierarchy_path), place, problems)
    return by_alias


def _check_alias(
    field: Field,
    alias: Alias,
    by_alias: dict[Alias, Field],
    place: Place,
    problems: Problems,
) -> None:
    if alias in by_alias:
        problems.add(place, "AliasDuplicate", f"Another field has the alias {alias}.")
    by_alias.setdefault(alias, field)
    if field.type is not ALIAS_TYPES[alias]:
        message = f"The alias {alias} is for fields of type {ALIAS_TYPES[alias]}."
        problems.add(place, "AliasType", message)
    if field.grid is not None:
        problems.add(place, "AliasInGrid", "A field inside a grid cannot have an alias.")


def _check_list(
    key: str,
    lists: Mapping[str, ListSnapshot],
    judged: dict[str, str | None],
    place: Place,
    problems: Problems,
) -> None:
    if key not in lists:
        problems.add(place, "ListUnknown", f"There is no list “{key[:64]}”.")
        return
    if key not in judged:
        judged[key] = _list_problem(lists[key])
    message = judged[key]
    if message is not None:
        problems.add(place, "ListKeysInvalid", message)


def _list_problem(snapshot: ListSnapshot) -> str | None:
    keys = snapshot.items.keys()
    is_grammatical = _ITEM_KEYS.fullmatch("".join(f"{key}\n" for key in keys)) is not None
    if is_grammatical and _FORBIDDEN_ITEM_KEYS.isdisjoint(keys):
        return None
    return f"The list “{snapshot.key}” has item keys that are numeric, TRUE, FALSE or illegal."


def _check_hierarchy(field: Field, parent: Field | None, place: Place, problems: Problems) -> None:
    if parent is None or parent.type is not FieldType.LIST or parent.path == field.path:
        message = "“crm.listHierarchyFilterKey” must be the full path of another list field."
        problems.add(place, "HierarchyInvalid", message)
    elif parent.grid is not None and parent.grid != field.grid:
        message = "The parent list must stand in the same grid, or in none."
        problems.add(place, "HierarchyInvalid", message)
