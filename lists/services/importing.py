"""Items from a file: first what it would do, then, when somebody has seen that, doing it."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from lists.exceptions import ListChanged, ListFileInvalid, ListImportNotFound
from lists.importing.decode import decode
from lists.importing.plan import Action, Entry, plan_import
from lists.importing.rows import ImportRow
from lists.models import ListImport, ListItem
from lists.selectors import list_get, list_get_for_update, lists_lock_all
from lists.services.labels import list_items_index
from lists.services.revisions import list_revision_raise

KEPT = timedelta(days=1)
_BATCH_SIZE = 1_000


@transaction.atomic
def list_import_prepare(*, actor: Actor, list_id: int, data: bytes) -> UUID:
    """Read a file and keep its entries for a day, for the actor alone; changes no item.

    Forgets what was prepared earlier and never confirmed. Raises ListNotFound, ListFileInvalid.
    """
    target = list_get(list_id)
    decoded = decode(data)
    ListImport.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    prepared = ListImport.objects.create(
        list=target,
        member_id=actor.member_id,
        revision=target.revision,
        rows=[row.to_json() for row in decoded.rows],
        refusals=[
            {"line": each.line, "key": each.key, "reason": str(each.reason)}
            for each in decoded.refusals
        ],
    )
    return prepared.pk


@transaction.atomic
def list_import_confirm(*, actor: Actor, import_id: UUID) -> dict[Action, int]:
    """Do what was prepared, all of it or nothing; how many items for each action.

    Refused when an entry is refused, and with ListChanged when the list has changed since: what
    happens is what was shown. Leaves one audit event. Locks all lists, since parents may be in
    any. Raises ListImportNotFound, ListFileInvalid.
    """
    prepared = _own(actor, import_id)
    lists_lock_all()
    target = list_get_for_update(prepared.list_id)
    if target.revision != prepared.revision:
        raise ListChanged
    entries = import_entries(prepared)
    if any(entry.action is Action.REFUSE for entry in entries):
        raise ListFileInvalid("The file holds entries that are refused.")
    _write(entries)
    counts = {action: sum(entry.action is action for entry in entries) for action in Action}
    if counts[Action.ADD] or counts[Action.CHANGE]:
        list_revision_raise(target.pk)
        audit_record(
            actor=actor,
            operation="list_import",
            object_type="list",
            object_id=target.pk,
            fields=["items"],
        )
    prepared.delete()
    return counts


@transaction.atomic
def list_import_renew(*, actor: Actor, import_id: UUID) -> None:
    """Have what was prepared stand on the list as it is now. Raises ListImportNotFound."""
    prepared = _own(actor, import_id)
    prepared.revision = prepared.list.revision
    prepared.save(update_fields=["revision"])


def list_import_discard(*, actor: Actor, import_id: UUID) -> None:
    """Forget what was prepared; harmless when it is gone."""
    ListImport.objects.filter(pk=import_id, member_id=actor.member_id or 0).delete()


def list_import_get(*, actor: Actor, import_id: UUID) -> ListImport:
    """What the actor has prepared, with its list. Raises ListImportNotFound."""
    return _own(actor, import_id)


def import_entries(prepared: ListImport) -> list[Entry]:
    """What a prepared file would do to the list as it stands, by line."""
    rows = [ImportRow(**row) for row in prepared.rows]
    refusals = [
        Entry(each["line"], each["key"], Action.REFUSE, reason=each["reason"])
        for each in prepared.refusals
    ]
    return sorted([*plan_import(prepared.list, rows), *refusals], key=lambda entry: entry.line)


def _own(actor: Actor, import_id: UUID) -> ListImport:
    prepared = (
        ListImport.objects.select_related("list")
        .filter(pk=import_id, member_id=actor.member_id or 0, created_at__gte=timezone.now() - KEPT)
        .first()
    )
    if prepared is None:
        raise ListImportNotFound("Nothing is prepared under this id.")
    return prepared


def _write(entries: list[Entry]) -> None:
    """New items first, so that parents among them have ids; then what changes, new parents too."""
    added = [entry.item for entry in entries if entry.item and entry.action is Action.ADD]
    ListItem.objects.bulk_create(added, batch_size=_BATCH_SIZE)
    ids = {item.key: item.pk for item in added}
    changed: list[ListItem] = []
    for entry, item in ((entry, entry.item) for entry in entries if entry.item):
        if entry.parent_key is not None:
            item.parent_id = ids[entry.parent_key]
        if entry.action is Action.CHANGE or entry.parent_key is not None:
            changed.append(item)
    # Every row conflicts with itself: far faster than the CASE of a bulk_update.
    ListItem.objects.bulk_create(
        changed,
        batch_size=_BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["list", "key"],
        update_fields=["labels", "parent", "custom_attributes", "position", "is_active"],
    )
    list_items_index({item.pk: item for item in (*added, *changed)}.values())
