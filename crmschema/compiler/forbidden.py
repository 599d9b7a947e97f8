"""What a component must not carry: source code for the reader's browser, and references."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.values import is_empty

_SCRIPTS: Final = (
    ("customConditional",),
    ("customDefaultValue",),
    ("calculateValue",),
    ("logic",),
    ("template",),
    ("templates",),
    ("data", "custom"),
    ("validate", "custom"),
    ("validate", "json"),
    ("validate", "row"),
    ("conditional", "json"),
    ("datePicker", "disableFunction"),
    ("widget", "disableFunction"),
)
# The stock template of a select, which an expanded form repeats.
_STOCK_TEMPLATE: Final = "<span>{{ item.label }}</span>"
_CHILDREN: Final = frozenset({"components", "columns", "rows"})


def check_forbidden(
    raw: Mapping[str, Any],  # Any: a JSON document
    place: Place,
    problems: Problems,
) -> None:
    """Note every script and every `$ref` of one component; its children are not looked at."""
    for names in _SCRIPTS:
        value: Any = raw  # Any: a JSON value
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        if value is not False and not is_empty(value) and value != _STOCK_TEMPLATE:
            message = f"“{'.'.join(names)}” would run in a reader's browser."
            problems.add(place, "ScriptForbidden", message)
    if "$ref" in set(_names(raw)):
        problems.add(place, "ReferenceForbidden", "References are not allowed.")


def _names(raw: Mapping[str, Any]) -> Iterator[str]:  # Any: a JSON document
    """All member names of the component but those below its children."""
    rest: list[Any] = [{name: value for name, value in raw.items() if name not in _CHILDREN}]
    yield from raw
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            yield from value
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)
