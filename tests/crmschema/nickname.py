"""The tiny schema with its field `nickname` changed in one way, and saves of it."""

import json
from typing import Any
from uuid import UUID

from config.common.actors import SYSTEM
from crmschema.models import CrmSchema, SchemaCheck
from crmschema.selectors import schema_check_get
from crmschema.services import schema_save
from tests.factories.schemas import form

Status = SchemaCheck.Status


def stored_components() -> list[dict[str, Any]]:
    """The components as they were saved, with the uids that the server gave them."""
    components: list[dict[str, Any]] = json.loads(CrmSchema.objects.get(key="tiny").schema)[
        "components"
    ]
    return components


def person(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = components[0]["components"]
    return result


def nickname(components: list[dict[str, Any]]) -> dict[str, Any]:
    return next(each for each in person(components) if each["key"] == "nickname")


def required_nickname() -> str:
    components = stored_components()
    nickname(components)["validate"] = {"required": True}
    return form(*components)


def without_nickname() -> str:
    components = stored_components()
    person(components).remove(nickname(components))
    return form(*components)


def save(text: str, accepted: UUID | None = None, token: int = 1) -> CrmSchema:
    return schema_save(
        actor=SYSTEM, key="tiny", schema=text, concurrency_token=token, accepted_check=accepted
    )


def token() -> int:
    return CrmSchema.objects.get(key="tiny").concurrency_token


def found(check: SchemaCheck) -> list[tuple[str, str, str, int, list[int]]]:
    check.refresh_from_db()
    result = schema_check_get(key="tiny", check_id=check.uid)
    return [(each.kind, each.path, each.rule, each.count, [*each.ids]) for each in result.findings]


def named_by_nickname(components: list[dict[str, Any]] | None = None) -> str:
    """The nickname is the name by which contacts are shown, and fast to filter by."""
    stored = stored_components() if components is None else components
    display = next(each for each in person(stored) if each["key"] == "displayName")
    display["crm"].pop("alias")
    nickname(stored).setdefault("crm", {}).update(alias="DisplayName", isFilterable=True)
    return form(*stored)


def filtered_by_nickname() -> str:
    components = stored_components()
    nickname(components).setdefault("crm", {})["isFilterable"] = True
    return form(*components)
