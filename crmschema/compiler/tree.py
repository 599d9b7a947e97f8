"""From drafts to fields, layout elements and the tree of the document."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Final

from crmschema.compiler.component_types import Kind
from crmschema.compiler.drafts import Draft, Pane
from crmschema.compiler.field_factory import field_of
from crmschema.compiler.model import (
    Condition,
    Field,
    GridNode,
    LayoutElement,
    LayoutType,
    LeafNode,
    Node,
    ObjectNode,
)
from crmschema.compiler.problems import ROOT, Place, Problems
from crmschema.compiler.reader import Reader
from crmschema.compiler.scope import Scope
from crmschema.compiler.texts import label_of, optional_text_of

MAX_FIELDS: Final = 500
_RESERVED: Final = frozenset({"and", "or", "id", "uid"})
_RESERVED_AT_ROOT: Final = _RESERVED | {
    "username",
    "contactType",
    "externalConnections",
    "externalId",
    "members",
    "changeRequests",
    "history",
    "legalEntities",
}


@dataclass(slots=True)
class Tree:
    """All parts of a schema. `places` leads from a field's path to its component.

    `conditioned` are all conditions, with their component's place and the grid it stands in.
    """

    root: ObjectNode
    fields: list[Field] = dataclass_field(default_factory=list)
    grids: dict[str, GridNode] = dataclass_field(default_factory=dict)
    layout: list[LayoutElement] = dataclass_field(default_factory=list)
    conditioned: list[tuple[Place, Condition, str | None]] = dataclass_field(default_factory=list)
    places: dict[str, Place] = dataclass_field(default_factory=dict)


def build_tree(drafts: list[Draft], problems: Problems) -> Tree:
    """The parts in schema order; wrong keys, nested grids and too many fields are noted."""
    members: dict[str, Node] = {}
    tree = Tree(ObjectNode("", members))
    _Builder(tree, problems).add_all(drafts, Scope(), members)
    if len(tree.fields) > MAX_FIELDS:
        message = f"The schema has {len(tree.fields)} fields; {MAX_FIELDS} are possible."
        problems.add(ROOT, "TooManyFields", message)
    return tree


class _Builder:
    def __init__(self, tree: Tree, problems: Problems) -> None:
        self._tree = tree
        self._problems = problems
        self._layout_keys: set[str] = set()

    def add_all(self, drafts: list[Draft], scope: Scope, members: dict[str, Node]) -> None:
        """Add components that stand at one data level, whose members are `members`."""
        for draft in drafts:
            if draft.condition is not None:
                self._tree.conditioned.append((draft.place, draft.condition, scope.grid))
            if draft.type.kind is Kind.LAYOUT:
                self._add_layout(draft, scope, members)
                continue
            self._check_key(draft, scope, members)
            if draft.type.kind is Kind.FIELD:
                self._add_field(draft, scope, members)
            elif draft.type.kind is Kind.CONTAINER:
                self._add_container(draft, scope, members)
            else:
                self._add_grid(draft, scope, members)

    def _check_key(self, draft: Draft, scope: Scope, members: dict[str, Node]) -> None:
        reserved = _RESERVED if scope.prefix else _RESERVED_AT_ROOT
        if draft.key in reserved:
            self._problems.add(draft.place, "KeyReserved", "The key is reserved.")
        if draft.key and draft.key in members:
            message = "Another component of this data level has the same key."
            self._problems.add(draft.place, "KeyDuplicate", message)

    def _add_field(self, draft: Draft, scope: Scope, members: dict[str, Node]) -> None:
        field = field_of(draft, scope, self._problems)
        self._tree.fields.append(field)
        self._tree.places[field.path] = draft.place
        members[draft.key] = LeafNode(field)

    def _add_container(self, draft: Draft, scope: Scope, members: dict[str, Node]) -> None:
        path = scope.path_of(draft.key)
        children: dict[str, Node] = {}
        members[draft.key] = ObjectNode(path, children)
        self._add_element(draft, path, scope)
        inner = scope.below(draft).inside_layout(path).inside_data(path, is_grid=False)
        self.add_all(draft.children, inner, children)

    def _add_grid(self, draft: Draft, scope: Scope, members: dict[str, Node]) -> None:
        path = scope.path_of(draft.key)
        if scope.grid is not None:
            self._problems.add(draft.place, "GridNested", "A grid cannot stand inside a grid.")
        self._add_element(draft, path, scope)
        inner = scope.below(draft).inside_layout(path).inside_data(path, is_grid=True)
        children: dict[str, Node] = {}
        first = len(self._tree.fields)
        self.add_all(draft.children, inner, children)
        fields = self._tree.fields[first:]
        grid = _grid_node(draft, inner, ObjectNode(path, children), fields)
        if (grid.min_rows or 0) > (grid.max_rows or grid.min_rows or 0):
            message = "The least number of rows lies above the greatest."
            self._problems.add(draft.place, "RangeInvalid", message)
        members[draft.key] = grid
        self._tree.grids[path] = grid

    def _add_layout(self, draft: Draft, scope: Scope, members: dict[str, Node]) -> None:
        self._add_element(draft, draft.key, scope)
        is_listed = draft.type.layout is not LayoutType.COLUMNS
        inner = scope.below(draft).inside_layout(draft.key, is_listed=is_listed)
        self.add_all(draft.children, inner, members)
        for pane in draft.panes:
            self._add_pane(pane, inner)
            self.add_all(pane.children, inner.inside_layout(pane.key), members)

    def _add_element(self, draft: Draft, key: str, scope: Scope) -> None:
        self._check_layout_key(key, draft.place)
        is_container = draft.type.kind is Kind.CONTAINER
        self._tree.layout.append(
            LayoutElement(
                key=key,
                type=draft.type.layout or LayoutType.CONTAINER,
                label=label_of(draft.component),
                tooltip=optional_text_of(draft.component, "tooltip"),
                parent_key=scope.parent_key,
                is_hidden=scope.is_hidden or draft.is_on("hidden"),
                is_label_hidden=draft.component.get("hideLabel", is_container),
                own_condition=draft.condition,
            )
        )

    def _add_pane(self, pane: Pane, scope: Scope) -> None:
        is_column = pane.layout is LayoutType.COLUMN
        if not is_column and not Reader.is_key(pane.key):
            self._problems.add(pane.place, "KeyInvalid", "A tab needs a key of the usual grammar.")
        self._check_layout_key(pane.key, pane.place)
        self._tree.layout.append(
            LayoutElement(
                key=pane.key,
                type=pane.layout,
                label=pane.label,
                tooltip=None,
                parent_key=scope.parent_key,
                is_hidden=scope.is_hidden,
                is_label_hidden=is_column,
                own_condition=None,
            )
        )

    def _check_layout_key(self, key: str, place: Place) -> None:
        if key and key in self._layout_keys:
            message = "Another layout element, container or grid has the same key in the metadata."
            self._problems.add(place, "LayoutKeyDuplicate", message)
        self._layout_keys.add(key)


def _grid_node(draft: Draft, inner: Scope, row: ObjectNode, fields: list[Field]) -> GridNode:
    return GridNode(
        path=row.path,
        uid=draft.crm["uid"],
        label=label_of(draft.component),
        row=row,
        min_rows=draft.rules.get("minLength") or None,
        max_rows=draft.rules.get("maxLength"),
        is_required=bool(draft.rules.get("required")) and not inner.is_hidden,
        conditions=inner.conditions,
        holds_approval=inner.is_approval_required
        or any(field.is_approval_required for field in fields),
    )
