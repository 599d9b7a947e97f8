"""Components on their way from the source to fields: canonical, but not yet checked as a whole."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from crmschema.compiler.component_types import ComponentType
from crmschema.compiler.model import Condition, LayoutType, Text
from crmschema.compiler.problems import Place


@dataclass(slots=True)
class Pane:
    """A column or a tab. `key` is its metadata key."""

    key: str
    place: Place
    layout: LayoutType
    label: Text
    children: list["Draft"]


@dataclass(slots=True)
class Draft:
    """A component in canonical form with what was read from it."""

    component: dict[str, Any]  # Any: a JSON document
    place: Place
    type: ComponentType
    key: str
    condition: Condition | None = None
    children: list["Draft"] = dataclass_field(default_factory=list)
    panes: list[Pane] = dataclass_field(default_factory=list)

    @property
    def crm(self) -> dict[str, Any]:  # Any: a JSON document
        """The CRM attributes, after canonicalisation."""
        crm: dict[str, Any] = self.component.get("crm", {})  # Any: a JSON document
        return crm

    @property
    def rules(self) -> dict[str, Any]:  # Any: a JSON document
        """The `validate` object, after canonicalisation."""
        rules: dict[str, Any] = self.component.get("validate", {})  # Any: a JSON document
        return rules

    def is_on(self, name: str) -> bool:
        """Whether the component itself says `name`: a switch or a CRM flag."""
        return bool(self.component.get(name) or self.crm.get(name))
