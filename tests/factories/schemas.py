"""A schema of a dozen fields that has one of everything, and its two lists."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from crmschema.compiler import compile_schema
from crmschema.compiler.model import CompiledSchema
from lists.snapshots import ItemSnapshot, ListSnapshot

COLOURS = {"RED": "Red", "GREEN": "Green", "BLUE": "Blue"}
REGIONS = {"NORTH": "North", "SOUTH": "South"}
DEMO_SCHEMAS = Path(__file__).parents[2] / "crmschema" / "demo"


def component(kind: str, key: str, **properties: Any) -> dict[str, Any]:
    """A component; further properties as the dialect has them (`crm`, `validate`, …)."""
    return {"type": kind, "key": key, "label": key, **properties}


def select(key: str, list_key: str, *, multiple: bool = False, **crm: Any) -> dict[str, Any]:
    return component("select", key, multiple=multiple, crm={"listKey": list_key, **crm})


def container(key: str, *components: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return component("container", key, components=list(components), **properties)


def grid(key: str, *components: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return component("datagrid", key, components=list(components), **properties)


def form(*components: dict[str, Any]) -> str:
    """The text of a schema."""
    return json.dumps({"display": "form", "components": list(components)})


def shown_when(when: str, equals: str) -> dict[str, Any]:
    return {"show": True, "when": when, "eq": equals}


def tiny_components() -> list[dict[str, Any]]:
    """The components of the tiny schema; a fresh copy, so that tests can change it."""
    return [
        container(
            "person",
            component(
                "textfield",
                "firstName",
                crm={"alias": "FirstName", "isFilterable": True},
                validate={"required": True, "maxLength": 50},
            ),
            component(
                "textfield", "lastName", crm={"alias": "LastName", "isApprovalRequired": True}
            ),
            component(
                "textfield",
                "displayName",
                crm={"alias": "DisplayName", "isReadOnly": True},
                validate={"maxLength": 60},
            ),
            component("number", "score", decimalLimit=2, crm={"isReadOnly": True}),
            select("region", "regions"),
            select("colours", "colours", multiple=True, isFilterable=True),
            component("textfield", "nickname"),
            component("number", "height"),
            component("checkbox", "isPep"),
            component("textfield", "pepReason", conditional=shown_when("person.isPep", "true")),
            component(
                "textfield",
                "pepNote",
                conditional=shown_when("person.isPep", "true"),
                clearOnHide=False,
            ),
        ),
        container(
            "channels",
            component(
                "email",
                "email",
                crm={"alias": "PrimaryEmail", "isVerificationRequired": True},
            ),
            component(
                "phoneNumber",
                "mobile",
                inputMask="",
                crm={"alias": "PrimaryMobile", "isVerificationRequired": True},
            ),
            grid(
                "addresses",
                component("textfield", "city", crm={"isFilterable": True}),
                component("textfield", "street", crm={"isApprovalRequired": True}),
                component("textfield", "checkedBy", crm={"isReadOnly": True}),
                component("checkbox", "isForeign"),
                component(
                    "textfield",
                    "permit",
                    conditional=shown_when("channels.addresses.isForeign", "true"),
                ),
            ),
        ),
        grid("notes", component("textfield", "text"), component("number", "weight")),
    ]


def tiny_schema() -> str:
    """The text of the tiny schema."""
    return form(*tiny_components())


def tiny_details(**person: Any) -> dict[str, Any]:
    """The least that the tiny schema takes, with `person`'s members."""
    return {"person": {"firstName": "Ada", "lastName": "Byron", **person}}


def list_snapshot(key: str, labels: dict[str, str]) -> ListSnapshot:
    items = {
        item: ItemSnapshot(position, item, {"en": label}, None, True)
        for position, (item, label) in enumerate(labels.items(), start=1)
    }
    return ListSnapshot(key, 1, items)


TINY_LISTS = {
    "colours": list_snapshot("colours", COLOURS),
    "regions": list_snapshot("regions", REGIONS),
}


def compiled_of(*components: dict[str, Any]) -> CompiledSchema:
    """A compiled schema without a database."""
    return compile_schema(key="tiny", token=1, schema=form(*components), lists=TINY_LISTS)


@cache
def tiny_compiled() -> CompiledSchema:
    """The compiled tiny schema, without a database."""
    return compiled_of(*tiny_components())


def demo_schema(key: str = "contact") -> str:
    """The text of a demo schema. Its lists take `load_demo_lists`."""
    return (DEMO_SCHEMAS / f"{key}.json").read_text(encoding="utf-8")
