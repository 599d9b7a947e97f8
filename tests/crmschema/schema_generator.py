"""Random schemas and documents for property tests; equal seeds give equal ones.

Schemas have conditions on fields, layouts, containers and grids, chains of them, rows with
conditions inside and outside, and are declared in any order. Documents are normalised.
"""

from random import Random
from typing import Any

from schema_builders import component, form, select, shown_when

Component = dict[str, Any]

_COLOURS = ["RED", "GREEN", "OLD"]
_VALUES: dict[str, list[Any]] = {
    "textfield": ["x", "y", "äö"],
    "textarea": ["x", "y\nz"],
    "checkbox": [True, False],
    "number": [0, 1, 5, 2.5],
    "currency": [0, 19.99],
    "select": _COLOURS,
    "multiple": [["RED"], ["GREEN", "RED"], ["OLD"]],
    "tags": [["x"], ["x", "y"]],
    "datetime": ["2024-02-29", "2000-01-01"],
    "moment": ["2024-02-29T10:00:00Z", "2000-01-01T00:00:00.5+01:00"],
    "radio": _COLOURS,
    "integer": [5, 1],
    "percent": [12.5, 1],
    "texts": [["x"], ["x", "yz"]],
    "email": ["a@example.com"],
    "phoneNumber": ["+41443334455"],
    "url": ["https://example.com/a"],
}
_EQUALS: dict[str, list[str]] = {
    "textfield": ["x", "y"],
    "checkbox": ["true", "true", "false"],
    "number": ["5", "2.5", "1"],
    "select": ["RED", "GREEN"],
    "radio": ["RED"],
    "integer": ["5", "1"],
    "multiple": ["RED", "GREEN"],
    "tags": ["x"],
    "datetime": ["2024-02-29"],
}
_RULES: dict[str, list[Component]] = {
    "textfield": [{"maxLength": 1}, {"minLength": 2}, {"pattern": "[a-w]|x"}],
    "textarea": [{"maxLength": 1}, {"minLength": 2}],
    "texts": [{"maxLength": 1}],
    "number": [{"min": 2}, {"max": 2.5}],
    "integer": [{"min": 2}, {"max": 4}],
    "percent": [{"max": 10}],
    "currency": [{"min": 0.5}],
}
_BOUNDS: list[Component] = [{"minDate": "2001-01-01"}, {"maxDate": "2001-01-01"}]
# What the dialect calls them where it is not the kind's own name.
_TYPES: dict[str, Component] = {
    "moment": {"kind": "datetime"},
    "datetime": {"kind": "datetime", "enableTime": False},
    "integer": {"kind": "number", "decimalLimit": 0},
    "percent": {"kind": "number", "crm": {"fieldType": "Percent"}},
    "texts": {"kind": "textfield", "multiple": True},
    "radio": {"kind": "radio", "crm": {"listKey": "colours"}},
}
_WRONG: list[Any] = ["", " ", "?", 5, -1, 2.25, True, [1], ["RED", "RED"], {"zz": 1}, "2023-02-30"]


class SchemaGenerator:
    """Makes one schema; `controls` are the fields that conditions may look at so far."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._number = 0
        self._controls: list[tuple[str, str, str | None]] = []
        self.kinds: dict[str, str] = {}

    def schema(self) -> dict[str, Any]:
        return form(*self._components("", None, 3, self._random.randint(2, 6)))

    def _components(self, prefix: str, grid: str | None, depth: int, count: int) -> list[Component]:
        made = [self._component(prefix, grid, depth) for _ in range(count)]
        # Conditions look at fields made before, so shuffling them gives every order of declaration.
        self._random.shuffle(made)
        return made

    def _component(self, prefix: str, grid: str | None, depth: int) -> Component:
        choice = self._random.random()
        if depth == 0 or choice < 0.55:
            return self._field(prefix, grid)
        condition = self._condition(grid)
        key = self._key()
        count = self._random.randint(1, 3)
        if choice < 0.7:
            inner = self._components(prefix, grid, depth - 1, count)
            kind = self._random.choice(["panel", "fieldset", "well", "columns"])
            if kind == "columns":
                return component(kind, key, columns=[{"components": inner}], **condition)
            return component(kind, key, components=inner, **condition)
        if choice < 0.85 or grid is not None:
            inner = self._components(f"{prefix}{key}.", grid, depth - 1, count)
            return component("container", key, components=inner, **condition)
        path = f"{prefix}{key}"
        inner = self._components(f"{path}.", path, depth - 1, count)
        rules = {
            "required": self._random.random() < 0.3,
            "minLength": self._random.choice([0, 0, 2]),
        }
        if self._random.random() < 0.3:
            rules["maxLength"] = 2
        return component("datagrid", key, components=inner, validate=rules, **condition)

    def _field(self, prefix: str, grid: str | None) -> Component:
        kind, key = self._random.choice(list(_VALUES)), self._key()
        properties: Component = {"validate": {"required": self._random.random() < 0.5}}
        properties |= self._condition(grid)
        if "conditional" not in properties and self._random.random() < 0.05:
            properties["hidden"] = True
        path = f"{prefix}{key}"
        self.kinds[path] = kind
        if kind in _EQUALS:
            self._controls.append((path, kind, grid))
        if kind in {"select", "multiple"}:
            return select(key, multiple=kind == "multiple", **properties)
        self._limit(kind, properties)
        typed = {"kind": kind, **_TYPES.get(kind, {}), **properties}
        return component(typed.pop("kind"), key, **typed)

    def _limit(self, kind: str, properties: Component) -> None:
        """A rule of the kind's own, on two fields of five."""
        if self._random.random() > 0.4:
            return
        if kind in _RULES:
            properties["validate"] |= self._random.choice(_RULES[kind])
        elif kind in {"datetime", "moment"}:
            properties["datePicker"] = self._random.choice(_BOUNDS)
        elif kind == "tags":
            properties["maxTags"] = 1

    def _condition(self, grid: str | None) -> Component:
        """Usually of a field in the same grid, if there is one, so that chains arise in rows."""
        reachable = [c for c in self._controls if c[2] is None or c[2] == grid]
        if not reachable or self._random.random() < 0.45:
            return {}
        in_row = [c for c in reachable if c[2] == grid]
        path, kind, _grid = self._random.choice(in_row or reachable)
        equals = self._random.choice(_EQUALS[kind])
        return {"conditional": shown_when(path, equals, show=self._random.random() < 0.6)}

    def _key(self) -> str:
        self._number += 1
        return f"k{self._number}"


def document_of(
    random: Random,
    schema: dict[str, Any],
    kinds: dict[str, str],
    *,
    wrong: float,
    missing: float,
) -> dict[str, Any]:
    """A document of the schema; `wrong` and `missing` are shares of its leaves."""

    def members(components: list[Component], prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for raw in components:
            key, kind = raw["key"], raw["type"]
            if kind in {"panel", "fieldset", "well"}:
                found |= members(raw["components"], prefix)
            elif kind == "columns":
                found |= members(raw["columns"][0]["components"], prefix)
            elif kind == "container":
                found[key] = members(raw["components"], f"{prefix}{key}.")
            elif kind == "datagrid":
                rows = random.choice([0, 1, 2, 3])
                found[key] = [row(raw, f"{prefix}{key}.", number) for number in range(rows)]
            else:
                found[key] = leaf(f"{prefix}{key}")
        if random.random() < wrong / 2:
            found["zz"] = 1
        return {name: value for name, value in found.items() if value not in (None, {}, [])}

    def row(raw: Component, prefix: str, number: int) -> dict[str, Any]:
        return {"id": str(number), **members(raw["components"], prefix)}

    def leaf(path: str) -> Any:
        if random.random() < missing:
            return None
        if random.random() < wrong:
            return random.choice(_WRONG)
        return random.choice(_VALUES[kinds[path]])

    return members(schema["components"], "")
