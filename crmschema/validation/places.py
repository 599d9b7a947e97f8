"""Where in a document a JSON Schema error is, in the terms of the schema."""

from collections.abc import Sequence
from typing import NamedTuple

from crmschema.compiler.model import CompiledSchema, Field, GridNode, LeafNode, Node, ObjectNode

_MAX_KEY_LENGTH = 64
ROW_ID = "id"


class Spot(NamedTuple):
    """An index-free path with the row it is in.

    `node` is the component there: a leaf (also for an entry of its array), a grid, or a container,
    the root or a row. None: a row's id, or a place that the schema does not know.
    """

    path: str
    grid: str | None
    row: int | None
    node: Node | None

    @property
    def field(self) -> Field | None:
        """The field of the leaf, if it is one."""
        return self.node.field if isinstance(self.node, LeafNode) else None

    def below(self, key: str) -> "Spot":
        """The place of the member `key` of an object."""
        path = f"{self.path}.{key[:_MAX_KEY_LENGTH]}" if self.path else key[:_MAX_KEY_LENGTH]
        node = self.node.children.get(key) if isinstance(self.node, ObjectNode) else None
        return Spot(path, self.grid, self.row, node)


def spot_of(compiled: CompiledSchema, instance_path: Sequence[str | int]) -> Spot:
    """The place that an instance path leads to; the index of an array's entry is left out."""
    spot = Spot("", None, None, compiled.root)
    for segment in instance_path:
        if isinstance(segment, str):
            spot = spot.below(segment)
        elif isinstance(spot.node, GridNode):
            spot = Spot(spot.path, spot.path, segment, spot.node.row)
    return spot
