"""What the ancestors of a component mean for it."""

from dataclasses import dataclass, replace

from crmschema.compiler.drafts import Draft
from crmschema.compiler.model import Condition


@dataclass(frozen=True, slots=True)
class Scope:
    """The place in data and layout where components stand, with the flags they inherit.

    `layout_path` are metadata keys, outermost first; `parent_key` is the nearest layout element.
    """

    prefix: str = ""
    grid: str | None = None
    layout_path: tuple[str, ...] = ()
    parent_key: str | None = None
    conditions: tuple[Condition, ...] = ()
    is_read_only: bool = False
    is_approval_required: bool = False
    is_hidden: bool = False
    clear_on_hide: bool = True

    def path_of(self, key: str) -> str:
        """The index-free path of a data component with this key."""
        return f"{self.prefix}{key}"

    def conditions_with(self, own: Condition | None) -> tuple[Condition, ...]:
        """The ancestors' conditions and the own one, each once."""
        if own is None or own in self.conditions:
            return self.conditions
        return (*self.conditions, own)

    def below(self, draft: Draft) -> "Scope":
        """The scope of what the layout element, container or grid `draft` encloses."""
        return replace(
            self,
            conditions=self.conditions_with(draft.condition),
            is_read_only=self.is_read_only or draft.is_on("isReadOnly"),
            is_approval_required=self.is_approval_required or draft.is_on("isApprovalRequired"),
            is_hidden=self.is_hidden or draft.is_on("hidden"),
            clear_on_hide=self.clear_on_hide and draft.component.get("clearOnHide", True),
        )

    def inside_layout(self, key: str, *, is_listed: bool = True) -> "Scope":
        """The same data level, one layout element further in; columns are not in layout paths."""
        layout_path = (*self.layout_path, key) if is_listed else self.layout_path
        return replace(self, layout_path=layout_path, parent_key=key)

    def inside_data(self, path: str, *, is_grid: bool) -> "Scope":
        """The data level of the container or of the grid's rows at `path`."""
        return replace(self, prefix=f"{path}.", grid=path if is_grid else self.grid)
