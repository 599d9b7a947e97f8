"""The values and comments of history (H2): changes stay, what they changed goes."""

from collections.abc import Iterable, Iterator, Mapping

import orjson
from django.db import connection

from config.common.privacy import Erasure, Json, PersonalDataStore
from contacts.models import ChangeSet, Contact
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import emptied_change, impersonal
from crmschema.selectors import compiled

_BATCH = 500

# Only an erasure may do this, and only this: the trigger compares (H2).
_EMPTY = """
UPDATE contacts_changeset change_set SET details = emptied.details, comment = ''
FROM jsonb_to_recordset(%s::jsonb) AS emptied (id bigint, details jsonb)
WHERE change_set.id = emptied.id
"""


def schemas_of(contact_ids: Iterable[int]) -> dict[int, CompiledSchema]:
    """The compiled schema of each contact, as it is now."""
    keys = dict(
        Contact.objects.filter(pk__in=list(contact_ids)).values_list(
            "pk", "contact_type__schema__key"
        )
    )
    by_key = {key: compiled(key) for key in set(keys.values())}
    return {contact_id: by_key[key] for contact_id, key in keys.items()}


def emptied(kind: str, details: Json, schema: CompiledSchema) -> Json:
    """The details of a change set without personal values."""
    if kind == ChangeSet.Kind.CREATION:
        return impersonal(schema, details)
    return [emptied_change(schema, change) for change in details]


def _erase(erasure: Erasure) -> None:
    schemas = schemas_of(erasure.contact_ids)
    for rows in _in_batches(_emptied_rows(erasure, schemas)):
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY, [orjson.dumps(rows).decode()])


def _emptied_rows(
    erasure: Erasure, schemas: Mapping[int, CompiledSchema]
) -> Iterator[dict[str, Json]]:
    change_sets = ChangeSet.objects.filter(contact_id__in=erasure.contact_ids)
    for pk, contact_id, kind, details in change_sets.values_list(
        "pk", "contact_id", "kind", "details"
    ).iterator(_BATCH):
        yield {"id": pk, "details": emptied(kind, details, schemas[contact_id or 0])}


def _in_batches(rows: Iterator[dict[str, Json]]) -> Iterator[list[dict[str, Json]]]:
    batch: list[dict[str, Json]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _collect(contact_id: int) -> Json:
    change_sets = ChangeSet.objects.filter(contact_id=contact_id)
    related = change_sets.select_related("member", "app", "reviewer").order_by("version")
    return [_collected(change_set) for change_set in related]


def _collected(change_set: ChangeSet) -> Json:
    is_creation = change_set.kind == ChangeSet.Kind.CREATION
    return {
        "executedAt": change_set.executed_at,
        "version": change_set.version,
        "source": change_set.source,
        "memberUid": change_set.member and change_set.member.uid,
        "app": change_set.app and change_set.app.client_id,
        "reviewerUid": change_set.reviewer and change_set.reviewer.uid,
        "changeRequestId": change_set.change_request_id,
        "comment": change_set.comment or None,
        ("document" if is_creation else "changes"): change_set.details,
    }


HISTORY_STORE = PersonalDataStore(
    name="history",
    columns={"contacts.ChangeSet": ("details", "comment")},
    kept={"contacts.ChangeSet.paths": "Names of fields, never values."},
    keeps=(
        "When which fields were changed, by whom, on whose approval and from where: the record "
        "that the law asks for; and values of fields that the schema marks as not personal."
    ),
    erase=_erase,
    collect=_collect,
)
