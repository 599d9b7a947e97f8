"""How long a schema takes to compile and a document to be judged.

Run `python -m config.embedded.scratch -m benchmarks.compile_schema`. The aim is 500 fields in under
100 ms.
"""

import json
import os
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

from crmschema.compiler import canonical, compile_schema
from crmschema.conditions import hidden_leaves
from crmschema.validation import validate
from lists.snapshots import ItemSnapshot, ListSnapshot

ROOT = Path(__file__).parents[1]
FIELDS = 500


def snapshot(key: str, size: int) -> ListSnapshot:
    keys = [f"ITEM-{number}" for number in range(size)]
    return ListSnapshot(
        key,
        1,
        {item: ItemSnapshot(n, item, {"en": item}, None, True) for n, item in enumerate(keys)},
    )


def large_schema() -> dict[str, Any]:
    """25 containers of 20 fields: lists, patterns, bounds, and a condition on every fifth field."""
    containers = []
    for section in range(FIELDS // 20):
        key = f"section{section}"
        fields: list[dict[str, Any]] = [{"type": "checkbox", "key": "switch", "label": "Switch"}]
        fields += [field(key, number) for number in range(1, 20)]
        containers.append({"type": "container", "key": key, "label": key, "components": fields})
    return canonical({"display": "form", "components": containers})


def field(section: str, number: int) -> dict[str, Any]:
    raw: dict[str, Any] = {"key": f"field{number}", "label": f"Field {number}"}
    raw["validate"] = {"required": number % 2 == 0}
    if number % 5 == 0:
        raw["conditional"] = {"show": True, "when": f"{section}.switch", "eq": "true"}
    if number % 4 == 0:
        return raw | {"type": "select", "crm": {"listKey": "many" if number % 8 else "few"}}
    if number % 4 == 1:
        return raw | {
            "type": "datetime",
            "enableTime": False,
            "datePicker": {"minDate": "1900-01-01"},
        }
    if number % 4 == 2:
        return raw | {"type": "currency", "currency": "CHF"}
    raw["validate"] |= {"pattern": f"[A-Z0-9][A-Z0-9 -]{{1,{number}}}", "maxLength": 40}
    return raw | {"type": "textfield"}


def report(name: str, run: Callable[[], object], number: int) -> None:
    best = min(timeit.repeat(run, number=number, repeat=5)) / number
    print(f"{name:<45} {best * 1_000_000:>10.1f} µs")


def main() -> None:
    lists = {"few": snapshot("few", 20), "many": snapshot("many", 5_000)}
    text = json.dumps(large_schema())
    compiled = compile_schema(key="large", token=1, schema=text, lists=lists)
    print(f"{len(compiled.fields)} fields, {len(text):,} bytes, lists of 20 and 5,000 items")
    report("compile", lambda: compile_schema(key="large", token=1, schema=text, lists=lists), 3)
    document = {"section0": {"switch": True, "field3": "AB"}}
    report("hidden leaves", lambda: hidden_leaves(compiled, document), 200)
    report("validate, invalid document", lambda: validate(compiled, document, for_member=False), 3)


if __name__ == "__main__":
    main()
