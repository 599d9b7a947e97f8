"""Schemas of one field or grid, and what differs between two of them."""

from typing import Any

from crmschema.compiler.model import CompiledSchema
from tests.factories.schemas import compiled_of, component, grid

UID = "0d3f2c1b-6a5e-4f70-8192-a3b4c5d6e7f"
JsonComponent = dict[str, Any]


def named(kind: str, key: str, number: int = 0, /, **properties: Any) -> JsonComponent:
    """A component with a uid of its own."""
    crm = {"uid": f"{UID}{number}", **properties.pop("crm", {})}
    return component(kind, key, crm=crm, **properties)


def field(**properties: Any) -> CompiledSchema:
    kind = properties.pop("kind", "textfield")
    return compiled_of(
        named(kind, properties.pop("key", "name"), **properties), component("checkbox", "switch")
    )


def rows(key: str = "rows", **properties: Any) -> CompiledSchema:
    crm = {"uid": f"{UID}9", **properties.pop("crm", {})}
    return compiled_of(
        component("checkbox", "switch"),
        grid(key, named("textfield", "name", 1), crm=crm, **properties),
    )
