"""What the entries of a file would do to a list as it stands. Reads, never writes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.common.text import normalize
from lists.importing.rows import ImportRow
from lists.models import List, ListItem


class Action(StrEnum):
    """What becomes of an entry."""

    ADD = "add"
    CHANGE = "change"
    KEEP = "keep"
    REFUSE = "refuse"


@dataclass(slots=True)
class Entry:
    """One entry of the file. `item` is the item as it would be, unsaved; `parent_key` names a
    parent that the file itself adds, which has no id yet.
    """

    line: int
    key: str
    action: Action
    fields: list[str] = field(default_factory=list)
    reason: str | Promise = ""
    item: ListItem | None = None
    parent_key: str | None = None


_EDITABLE = ("labels", "parent_id", "custom_attributes", "position", "is_active")
_MAX_SHOWN = 64
# An item by its id; one that the file adds by its key.
_Node = int | str


def plan_import(target: List, rows: Sequence[ImportRow]) -> list[Entry]:
    """What each row would do, in the order of the file. A key twice: the later row is refused.

    Four statements for any number of rows.
    """
    stored = {item.key: item for item in ListItem.objects.filter(list=target)}
    parents = _Parents(target, stored, rows)
    position = max((item.position for item in stored.values()), default=-1)
    entries: list[Entry] = []
    seen: set[str] = set()
    for row in rows:
        entry = _plan(target, stored.get(row.key), row, parents)
        if row.key in seen:
            entry = _refused(row, _("The key stands in an earlier line too."))
        seen.add(row.key)
        if entry.action is Action.ADD and entry.item and "position" not in row.values:
            position += 1
            entry.item.position = position
        entries.append(entry)
    _refuse_circles(entries)
    _refuse_orphans(entries)
    return entries


class _Parents:
    """Finds the items that rows name as parents."""

    def __init__(
        self, target: List, stored: Mapping[str, ListItem], rows: Sequence[ImportRow]
    ) -> None:
        named = {row.values["parent"] for row in rows if row.values.get("parent")}
        others = {tuple(name.split(":", 1)) for name in named if ":" in name}
        self._ids = {("", key): item.pk for key, item in stored.items()}
        self._added = {row.key for row in rows} - stored.keys()
        found = ListItem.objects.filter(
            list__key__in={list_key for list_key, _key in others},
            key__in={k for _list, k in others},
        ).values_list("list__key", "key", "pk")
        for list_key, key, pk in found if others else ():
            self._ids[(list_key, key)] = pk
        self._ids |= {(target.key, key): item.pk for key, item in stored.items()}
        self._own = target.key

    def find(self, name: str) -> _Node | None:
        """The parent's id, or its key if the file adds it; None: there is no such item."""
        list_key, colon, key = name.partition(":")
        if not colon:
            list_key, key = "", name
        found = self._ids.get((list_key, key))
        if found is None and list_key in ("", self._own) and key in self._added:
            return key
        return found


def _plan(target: List, stored: ListItem | None, row: ImportRow, parents: _Parents) -> Entry:
    item = stored or ListItem(list=target, key=row.key, labels={}, position=0)
    before = {name: getattr(item, name) for name in _EDITABLE}
    parent: _Node | None = item.parent_id
    if "parent" in row.values:
        name = row.values["parent"]
        parent = None if name is None else parents.find(name)
        if name is not None and parent is None:
            return _refused(row, _("There is no item like the parent."))
    _assign(item, row.values, parent)
    reason = _problem(item)
    if reason:
        return _refused(row, reason)
    changed = [name for name in _EDITABLE if not _is_same(getattr(item, name), before[name])]
    parent_key = parent if isinstance(parent, str) else None
    if parent_key is not None and "parent_id" not in changed:
        changed.append("parent_id")
    action = Action.ADD if stored is None else Action.CHANGE if changed else Action.KEEP
    fields = [] if stored is None else [name.removesuffix("_id") for name in changed]
    return Entry(row.line, row.key, action, fields, item=item, parent_key=parent_key)


def _assign(item: ListItem, values: Mapping[str, Any], parent: _Node | None) -> None:  # Any: JSON
    labels = dict(item.labels)
    for language, label in values.get("labels", {}).items():
        text = normalize(label.strip()) if label is not None else ""
        if text:
            labels[language] = text
        else:
            labels.pop(language, None)
    item.labels = labels
    item.parent_id = parent if isinstance(parent, int) else None
    for name in ("custom_attributes", "position", "is_active"):
        if name in values:
            setattr(item, name, values[name])


def _problem(item: ListItem) -> str | None:
    """What is wrong with the item by the rules of one row, the first that is."""
    try:
        item.clean_fields(exclude=["parent", "list"])
    except ValidationError as error:
        name, texts = next(iter(error.message_dict.items()))
        return f"{name}: {texts[0]}"
    return None


def _refused(row: ImportRow, reason: str | Promise) -> Entry:
    return Entry(row.line, row.key[:_MAX_SHOWN], Action.REFUSE, reason=reason)


def _refuse(entry: Entry, reason: str | Promise) -> None:
    entry.action, entry.reason, entry.fields, entry.item = Action.REFUSE, reason, [], None


def _refuse_circles(entries: Sequence[Entry]) -> None:
    """Refuse what would make an item its own ancestor, by way of other lists too."""
    moved = [
        entry for entry in entries if entry.item and (entry.parent_key or entry.item.parent_id)
    ]
    if not any(entry.action is not Action.KEEP for entry in moved):
        return
    above: dict[_Node, _Node | None] = dict(
        ListItem.objects.filter(parent__isnull=False).values_list("pk", "parent_id")
    )
    nodes = {entry.key: _node(entry) for entry in entries if entry.item}
    for entry in entries:
        if entry.item:
            parent = nodes.get(entry.parent_key) if entry.parent_key else entry.item.parent_id
            above[_node(entry)] = parent
    in_circles = _in_circles(map(_node, moved), above)
    for entry in moved:
        if entry.action is not Action.KEEP and _node(entry) in in_circles:
            _refuse(entry, _("The item would be its own ancestor."))


def _node(entry: Entry) -> _Node:
    return entry.item.pk if entry.item and entry.item.pk else entry.key


def _in_circles(starts: Iterable[_Node], above: Mapping[_Node, _Node | None]) -> set[_Node]:
    """All that are their own ancestors, of what can be reached. Nothing is walked through twice,
    however long a chain of parents a file makes.
    """
    found: set[_Node] = set()
    walked: set[_Node] = set()
    for start in starts:
        way: dict[_Node, int] = {}
        current: _Node | None = start
        while current is not None and current not in walked and current not in way:
            way[current] = len(way)
            current = above.get(current)
        if current in way:
            found.update(list(way)[way[current] :])
        walked.update(way)
    return found


def _refuse_orphans(entries: Sequence[Entry]) -> None:
    """Refuse what hangs below an entry that is refused, and what hangs below that: whatever names
    a parent that the file does not add after all.
    """
    below: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.item and entry.parent_key is not None:
            below.setdefault(entry.parent_key, []).append(entry)
    added = {entry.key for entry in entries if entry.action is Action.ADD}
    # Not by the keys of what is refused: those are cut for display.
    missing = list(below.keys() - added)
    while missing:
        for orphan in below.pop(missing.pop(), ()):
            _refuse(orphan, _("There is no item like the parent."))
            missing.append(orphan.key)


def _is_same(value: object, stored: object) -> bool:
    """In Python alone `true` would equal `1`."""
    return json.dumps(value, sort_keys=True) == json.dumps(stored, sort_keys=True)
