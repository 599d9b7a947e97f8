"""A slow, independent reading of the rules for visibility, straight from the schema's source."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Component = dict[str, Any]


class SourceField(NamedTuple):
    """A leaf or a grid with all the conditions above it."""

    component: Component
    grid: str | None
    conditions: list[Component]
    is_hidden: bool


class ReferenceVisibility:
    """Judges fields of one document, value by value, without any plan or order."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.fields: dict[str, SourceField] = {}
        self._collect(schema["components"], "", None, [], False)

    def _collect(
        self,
        components: list[Component],
        prefix: str,
        grid: str | None,
        conditions: list[Component],
        is_hidden: bool,
    ) -> None:
        for raw in components:
            own = [raw["conditional"]] if "conditional" in raw else []
            all_conditions = conditions + own
            hidden = is_hidden or raw.get("hidden", False)
            kind, path = raw["type"], prefix + raw["key"]
            if kind in {"panel", "fieldset", "well"}:
                self._collect(raw["components"], prefix, grid, all_conditions, hidden)
            elif kind == "columns":
                children = raw["columns"][0]["components"]
                self._collect(children, prefix, grid, all_conditions, hidden)
            elif kind == "container":
                self._collect(raw["components"], f"{path}.", grid, all_conditions, hidden)
            else:
                self.fields[path] = SourceField(raw, grid, all_conditions, hidden)
                if kind == "datagrid":
                    self._collect(raw["components"], f"{path}.", path, all_conditions, hidden)

    def is_visible(self, document: Any, path: str, row: int | None) -> bool:
        return all(
            (
                self.is_visible(document, condition["when"], row)
                and self._is_equal(document, condition["when"], row, condition["eq"])
            )
            == condition["show"]
            for condition in self.fields[path].conditions
        )

    def _is_equal(self, document: Any, path: str, row: int | None, equals: str) -> bool:
        value = self.value(document, path, row)
        if self.fields[path].component["type"] == "checkbox" and value is None:
            value = False
        if value is None:
            return False
        for candidate in value if isinstance(value, list) else [value]:
            if isinstance(candidate, bool):
                same = str(candidate).lower() == equals
            elif isinstance(candidate, (int, float)):
                same = candidate == float(equals)
            else:
                same = candidate == equals
            if same:
                return True
        return False

    def value(self, document: Any, path: str, row: int | None) -> Any:
        grid = self.fields[path].grid
        if grid is not None:
            document = dig(document, grid)[row]
            path = path.removeprefix(f"{grid}.")
        return dig(document, path)

    def places(self, document: Any) -> Iterator[tuple[str, int | None]]:
        """Every leaf and grid with every row it has in the document."""
        for path, field in self.fields.items():
            if field.grid is None:
                yield path, None
            else:
                yield from ((path, row) for row in range(len(dig(document, field.grid) or [])))


def dig(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
