"""Places that come back: removed by an earlier version, and there again in the next.

A removed field's values stay stored until somebody replaces the details or clears them. Another
field, group or grid that comes to the same place would take them for its own, whatever they meant.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from crmschema.compiler.component_types import COMPONENT_TYPES, Kind
from crmschema.compiler.model import CompiledSchema, GridNode, LeafNode, Node, ObjectNode, Text
from crmschema.evolution.model import ChangeKind, Effect, SchemaChange

_BRANCHES: Final = ("components", "columns", "rows")


def new_places(old: CompiledSchema, new: CompiledSchema) -> dict[str, Node]:
    """What stands in `new` where `old` has nothing: by index-free path, the outermost only."""
    known = {path for path, _node in _nodes(old.root)}
    return dict(_unknown(new.root, known))


def revivals(
    new: CompiledSchema, places: Mapping[str, Node], another: Set[str]
) -> Iterator[SchemaChange]:
    """A change for each of `places` that was `another` one's before."""
    for path, node in places.items():
        if path in another:
            yield SchemaChange(
                ChangeKind.REVIVED,
                Effect.BREAKING,
                path,
                _label(new, node),
                is_grid=isinstance(node, GridNode),
            )


def data_paths(canonical: Any, prefix: str = "") -> Iterator[str]:  # Any: JSON values
    """The index-free path of every field, group and grid of a stored version, without compiling
    it: hundreds of versions take a moment.
    """
    if isinstance(canonical, list):
        for each in canonical:
            yield from data_paths(each, prefix)
    elif isinstance(canonical, dict):
        kind = COMPONENT_TYPES.get(canonical.get("type", ""))
        if kind is not None and kind.kind is not Kind.LAYOUT:
            yield f"{prefix}{canonical['key']}"
            prefix = f"{prefix}{canonical['key']}."
        for name in _BRANCHES:
            yield from data_paths(canonical.get(name), prefix)


def _unknown(level: ObjectNode, known: Set[str]) -> Iterator[tuple[str, Node]]:
    for path, node in _members(level):
        if path not in known:
            yield path, node
        elif not isinstance(node, LeafNode):
            yield from _unknown(_inner(node), known)


def _nodes(level: ObjectNode) -> Iterator[tuple[str, Node]]:
    for path, node in _members(level):
        yield path, node
        if not isinstance(node, LeafNode):
            yield from _nodes(_inner(node))


def _members(level: ObjectNode) -> Iterator[tuple[str, Node]]:
    for node in level.children.values():
        yield node.field.path if isinstance(node, LeafNode) else node.path, node


def _inner(node: ObjectNode | GridNode) -> ObjectNode:
    return node.row if isinstance(node, GridNode) else node


def _label(new: CompiledSchema, node: Node) -> Text:
    if isinstance(node, LeafNode):
        return node.field.label
    if isinstance(node, GridNode):
        return node.label
    return next(element.label for element in new.layout if element.key == node.path)
