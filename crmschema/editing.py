"""What the editor of the back office reads: verdicts on drafts, lists to choose from, versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from config.common.exceptions import NotFound
from crmschema.compiler.metadata import fields_metadata, layout_metadata
from crmschema.documents import derivation
from crmschema.evolution import SchemaChange, change_text, column_changes
from crmschema.exceptions import SchemaInvalid
from crmschema.models import CrmSchema, CrmSchemaVersion
from crmschema.selectors import schema_check_get, schema_get, schema_versions_diff
from crmschema.selectors.changes import schema_changes
from crmschema.services.texts import draft_compiled
from lists.labels import label_in
from lists.models import List, ListItem

MAX_VERSIONS = 200
MAX_ITEMS = 5_000

JsonObject = dict[str, Any]  # Any: JSON values


@dataclass(frozen=True, slots=True)
class DraftVerdict:
    """What a save would say of a draft: its problems (S3), or the form that it makes and what it
    changes. `text` is the canonical form, `rebuilds` whether names and filters of what is stored
    follow. All but the problems are empty when there are any.
    """

    errors: list[JsonObject]
    text: str = ""
    fields: tuple[JsonObject, ...] = ()
    layout: tuple[JsonObject, ...] = ()
    changes: tuple[JsonObject, ...] = ()
    columns: tuple[JsonObject, ...] = ()
    rebuilds: bool = False


def draft_judge(*, key: str, schema: str, language: str, words: str) -> DraftVerdict:
    """Compile a draft without saving it, and compare it with the current version.

    Texts of the form are in `language`, the changes in the words of the language `words`. At most
    four queries. Never raises for a bad draft; NotFound for an unknown schema.
    """
    stored = schema_get(key)
    current = stored.compiled
    try:
        text, new = draft_compiled(
            key=key, token=current.token + 1, schema=schema, stored=stored.schema
        )
    except SchemaInvalid as error:
        return DraftVerdict(errors=list((error.properties or {})["errors"]))
    changes = schema_changes(schema_id=stored.id, old=current, new=new)
    columns = column_changes(current, new, changes)
    return DraftVerdict(
        errors=[],
        text=text,
        fields=tuple(fields_metadata(new, language)["fields"]),
        layout=tuple(layout_metadata(new, language)["fields"]),
        changes=tuple(in_words(changes, words)),
        columns=tuple({"path": each.path, "change": each.change} for each in columns),
        rebuilds=derivation(current) != derivation(new),
    )


def versions_differ(*, key: str, from_token: int, to_token: int, words: str) -> list[JsonObject]:
    """What differs between two stored versions, in the words of a language. Raises NotFound."""
    changes = schema_versions_diff(key=key, from_token=from_token, to_token=to_token)
    return in_words(changes, words)


def in_words(changes: Iterable[SchemaChange], language: str) -> list[JsonObject]:
    """Changes as people read them, each with its path and effect."""
    return [
        {"text": change_text(change, language), "path": change.path, "effect": change.effect}
        for change in changes
    ]


def check_result(*, key: str, check_id: UUID) -> JsonObject:
    """How far a check is and what it has found (S4), as the editor shows it. Raises NotFound."""
    check = schema_check_get(key=key, check_id=check_id)
    return {
        "checkId": str(check.check_id),
        "status": check.status,
        "checked": check.checked,
        "total": check.total,
        "findings": [finding.as_json() for finding in check.findings],
        "requests": {
            "superseded": list(check.requests.superseded),
            "affected": list(check.requests.affected),
        },
        "isBreaking": check.is_breaking,
        "isRefused": check.is_refused,
    }


def schema_row(*, schema_id: int) -> CrmSchema:
    """The schema as it is now. Raises NotFound."""
    found = CrmSchema.objects.filter(pk=schema_id).first()
    if found is None:
        raise NotFound
    return found


def schema_versions(*, schema: CrmSchema) -> QuerySet[CrmSchemaVersion]:
    """The latest `MAX_VERSIONS` versions, newest first, with who saved them, without their text."""
    versions = CrmSchemaVersion.objects.filter(crm_schema=schema).select_related("member", "app")
    return versions.defer("schema").order_by("-token")[:MAX_VERSIONS]


def schema_version_get(*, schema: CrmSchema, token: int) -> CrmSchemaVersion:
    """One version with its text and who saved it. Raises NotFound."""
    versions = CrmSchemaVersion.objects.filter(crm_schema=schema, token=token)
    found = versions.select_related("member", "app").first()
    if found is None:
        raise NotFound
    return found


def version_author(version: CrmSchemaVersion) -> str | None:
    """The person, or the app that acted for itself; None for what came with the product."""
    if version.member is not None:
        return version.member.name
    return version.app.name if version.app is not None else None


def lists_offered(*, language: str) -> list[JsonObject]:
    """The firm's lists by key, each with its label and how many items are in use. One query."""
    lists = List.objects.annotate(active=Count("items", filter=Q(items__is_active=True)))
    return [
        {
            "key": each.key,
            "label": label_in(each.labels, language) or each.key,
            "count": each.active,
        }
        for each in lists.order_by("key")
    ]


def items_offered(*, list_key: str, language: str) -> list[JsonObject]:
    """The items in use of a list, in its order, at most `MAX_ITEMS`; none of an unknown list."""
    items = ListItem.objects.filter(list__key=list_key, is_active=True).select_related("parent")
    return [
        {
            "key": item.key,
            "label": label_in(item.labels, language) or item.key,
            "parentKey": item.parent.key if item.parent else None,
        }
        for item in items.order_by("position", "id")[:MAX_ITEMS]
    ]
