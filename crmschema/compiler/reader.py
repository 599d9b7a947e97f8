"""Walks the source's components and makes canonical drafts of them."""

import re
from typing import Any, Final

from crmschema.compiler.attributes import AttributeReader
from crmschema.compiler.component_types import COMPONENT_TYPES, ComponentType, Kind
from crmschema.compiler.condition_shapes import canonical_condition, read_condition
from crmschema.compiler.drafts import Draft
from crmschema.compiler.forbidden import check_forbidden
from crmschema.compiler.panes import PaneSource, pane_sources
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.properties import PropertyReader
from crmschema.compiler.values import is_empty

MAX_LEVELS: Final = 10
KEY: Final = re.compile(r"[a-z][A-Za-z0-9_]{0,63}")
_MAX_SHOWN_KEY = 64


class Reader:
    """Reads the components of one schema. Components that are refused are left out."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._attributes = AttributeReader(problems)

    def components(self, raw: list[Any], path: str, level: int = 1) -> list[Draft]:  # Any: JSON
        """Drafts of an array of components; `path` is the array's own path."""
        found = (
            self._component(value, f"{path}[{index}]", level) for index, value in enumerate(raw)
        )
        return [draft for draft in found if draft is not None]

    def _component(self, raw: Any, path: str, level: int) -> Draft | None:  # Any: a JSON value
        if not isinstance(raw, dict):
            self._problems.add(Place(path), "PropertyInvalid", "A component must be an object.")
            return None
        key = raw.get("key")
        place = Place(path, key[:_MAX_SHOWN_KEY] if isinstance(key, str) else None)
        if level > MAX_LEVELS:
            message = f"Components are nested more than {MAX_LEVELS} levels deep."
            self._problems.add(place, "TooDeep", message)
            return None
        check_forbidden(raw, place, self._problems)
        component_type = self._component_type(raw, place)
        if component_type is None:
            return None
        if not self.is_key(key):
            message = "A key is a small letter, then up to 63 of A-Z, a-z, 0-9 and underscore."
            self._problems.add(place, "KeyInvalid", message)
            key = ""
        return self._draft(raw, place, component_type, str(key), level)

    @staticmethod
    def is_key(key: Any) -> bool:  # Any: a JSON value
        """Whether `key` follows the grammar of keys."""
        return isinstance(key, str) and KEY.fullmatch(key) is not None

    def _component_type(
        self, raw: dict[str, Any], place: Place
    ) -> ComponentType | None:  # Any: JSON
        name = raw.get("type")
        if name == "hidden":
            return COMPONENT_TYPES["textfield"]
        if isinstance(name, str) and name in COMPONENT_TYPES:
            return COMPONENT_TYPES[name]
        shown = f"“{name[:_MAX_SHOWN_KEY]}”" if isinstance(name, str) else "none"
        self._problems.add(place, "TypeUnsupported", f"The type {shown} is not supported.")
        return None

    def _draft(
        self,
        raw: dict[str, Any],  # Any: a JSON document
        place: Place,
        component_type: ComponentType,
        key: str,
        level: int,
    ) -> Draft:
        component = {
            "type": component_type.name,
            "key": key,
            "input": component_type.kind is not Kind.LAYOUT,
            **PropertyReader(raw, place, component_type, self._problems).read(),
        }
        if raw["type"] == "hidden":
            component["hidden"] = True
        condition = read_condition(raw.get("conditional"), place, self._problems)
        if condition is not None:
            component["conditional"] = canonical_condition(condition)
            if component.get("hidden"):
                message = "A component is either hidden or has a condition."
                self._problems.add(place, "HiddenConditional", message)
        component["crm"] = self._attributes.read(raw.get("crm"), place, component_type.kind)
        draft = Draft(component, place, component_type, key, condition)
        self._read_children(raw, draft, level)
        return draft

    def _read_children(self, raw: dict[str, Any], draft: Draft, level: int) -> None:  # Any: JSON
        if draft.type.kind is Kind.FIELD:
            return
        if draft.type.panes is None:
            children = self._array(raw.get("components"), draft.place, "components")
            draft.children = self.components(children, f"{draft.place.path}.components", level + 1)
            draft.component["components"] = [child.component for child in draft.children]
            return
        panes = self._array(raw.get(draft.type.panes), draft.place, draft.type.panes)
        self._read_panes(pane_sources(draft, panes, self._problems), draft, level)

    def _read_panes(self, sources: list[PaneSource], draft: Draft, level: int) -> None:
        for source in sources:
            children = self._array(source.components, source.pane.place, "components")
            path = f"{source.pane.place.path}.components"
            source.pane.children = self.components(children, path, level + 1)
            source.canonical["components"] = [child.component for child in source.pane.children]
            draft.panes.append(source.pane)

    def _array(self, value: Any, place: Place, name: str) -> list[Any]:  # Any: JSON values
        if is_empty(value):
            return []
        if not isinstance(value, list):
            self._problems.add(place, "PropertyInvalid", f"“{name}” must be an array.")
            return []
        return value
