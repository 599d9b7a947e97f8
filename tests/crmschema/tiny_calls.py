"""Calls that read and save the tiny schema on the API."""

import json
from typing import Any

from crmschema.models import CrmSchema, CrmSchemaVersion
from tests.factories.fixtures import World
from tests.factories.schemas import component, container, form

TINY = "/v1.0/crm/schemas/tiny"
LOCALISED = form(
    container(
        "person",
        component(
            "textfield",
            "firstName",
            label="First name",
            tooltip="As in the passport",
            crm={"i18n": {"de": {"label": "Vorname", "tooltip": "Wie im Pass"}}},
        ),
        crm={"i18n": {"de": {"label": "Angaben"}}},
        label="Personal data",
    ),
    component("number", "amount", decimalLimit=2, validate={"min": 0, "max": 10.5}),
)


def put(world: World, schema: Any, token: int = 1, **members: Any) -> Any:
    body = {"schema": schema, "concurrencyToken": token, **members}
    return world.api().put(TINY, body)


def stored() -> tuple[str, int, int]:
    schema = CrmSchema.objects.get(key="tiny")
    return schema.schema, schema.concurrency_token, CrmSchemaVersion.objects.count()


def derived(world: World, language: str = "en") -> dict[str, Any]:
    text = world.api().get(f"{TINY}/json-schema?language={language}").json()["jsonSchema"]
    result: dict[str, Any] = json.loads(text)
    return result
