"""Small schemas and lists for the tests of the compiler."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from crmschema.compiler import compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.exceptions import SchemaInvalid
from lists.snapshots import ItemSnapshot, ListSnapshot

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "crmschema" / "demo"


def seeded(seed: int) -> Random:
    """Random, but the same for the same seed."""
    return Random(seed)  # noqa: S311 - test data needs no secrecy


def list_snapshot(
    key: str,
    keys: list[str],
    *,
    parents: Mapping[str, str] | None = None,
    inactive: frozenset[str] = frozenset(),
) -> ListSnapshot:
    items = {
        item: ItemSnapshot(
            position, item, {"en": item.title()}, (parents or {}).get(item), item not in inactive
        )
        for position, item in enumerate(keys, start=1)
    }
    return ListSnapshot(key, 1, items)


def demo_lists() -> dict[str, ListSnapshot]:
    """The lists of the demo, as its seed files have them, with a few countries and states."""
    seed = json.loads((ROOT / "lists" / "demo" / "lists.json").read_text())
    lists = {key: list_snapshot(key, list(value["items"])) for key, value in seed.items()}
    lists["countries"] = list_snapshot("countries", ["AT", "CH", "DE", "FR", "GB", "US"])
    lists["languages"] = list_snapshot("languages", ["DE", "EN", "FR", "IT"])
    states = [f"US-{number:03}" for number in range(301)]
    lists["states"] = list_snapshot("states", states, parents=dict.fromkeys(states, "US"))
    return lists


LISTS = {
    "colours": list_snapshot(
        "colours", ["RED", "GREEN", "OLD", "OLDER"], inactive=frozenset({"OLD", "OLDER"})
    ),
    "shades": list_snapshot(
        "shades", ["ROSE", "LIME", "PURE"], parents={"ROSE": "RED", "LIME": "GREEN"}
    ),
    "many": list_snapshot("many", [f"M{number}" for number in range(301)]),
}


def component(kind: str, key: str, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "label": key.title(), **properties}


def select(key: str, list_key: str = "colours", **properties: Any) -> dict[str, Any]:
    crm = {"listKey": list_key, **properties.pop("crm", {})}
    return component("select", key, crm=crm, **properties)


def shown_when(when: str, equals: Any, *, show: bool = True) -> dict[str, Any]:
    return {"show": show, "when": when, "eq": equals}


def form(*components: Any) -> dict[str, Any]:
    return {"display": "form", "components": list(components)}


def compiled(*components: Any, lists: Mapping[str, ListSnapshot] = LISTS) -> CompiledSchema:
    return compile_schema(key="test", token=1, schema=form(*components), lists=lists)


def problems_of(schema: Any, lists: Mapping[str, ListSnapshot] = LISTS) -> list[dict[str, Any]]:
    """What the schema is refused for; empty when it is accepted."""
    try:
        compile_schema(key="test", token=1, schema=schema, lists=lists)
    except SchemaInvalid as error:
        return [] if error.properties is None else list(error.properties["errors"])
    return []


def codes_of(*components: Any) -> list[tuple[str, str]]:
    """(component path, code) of every problem."""
    return [(problem["path"], problem["code"]) for problem in problems_of(form(*components))]
