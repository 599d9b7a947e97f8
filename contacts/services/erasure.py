"""Taking everything personal of contacts out of every store, in one transaction (N2-N4)."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.exceptions import ServiceUnavailable
from config.common.privacy import PERSONAL_DATA, Erasure, ErasureBusy
from contacts.models import ChangeSet, Contact, ExternalConnection
from contacts.personal_data.records import ERASURE_OPERATION
from contacts.selectors.targets import targets_get_for_update
from contacts.services.coupling import usernames_lock
from contacts.services.derived import anonymised_name
from contacts.services.details import DetailsWrite, Origin, details_apply
from contacts.targets import CONTACT, TargetRef, TargetState
from crmschema.documents import Change, impersonal, leaves
from crmschema.locks import schema_lock_shared
from crmschema.selectors import compiled_at

_ATTEMPTS = 10
_PAUSE_SECONDS = 0.05

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """What became of contacts: erased by this call, or kept because they must be (N5). The others
    had been anonymised before.
    """

    erased: Sequence[int]
    retained: Sequence[int]


def contacts_erase(
    *, actor: Actor, contact_ids: Collection[int], reason: str, honour_retention: bool = True
) -> ErasureResult:
    """Anonymise contacts that exist, all of them or none but those that must be kept (N3-N5).

    Details keep what the schema marks as not personal, the name becomes `Anonymised <id>`, every
    store of the registry is emptied, and each contact gets one change set without values and one
    audit event: the ledger of erasures. Whoever is anonymised already is left as it is.
    Expects a transaction. Locks the schemas (shared), what the stores lock, then the contacts in
    order of id, then their usernames. Raises ServiceUnavailable when others keep holding what it
    needs.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return _attempt(actor, sorted(set(contact_ids)), reason, honour_retention)
        except ErasureBusy:
            # The savepoint has given all locks back, so that the other can finish.
            time.sleep(_PAUSE_SECONDS * attempt)
    raise ServiceUnavailable(headers={"Retry-After": "1"})


def _attempt(
    actor: Actor, contact_ids: Sequence[int], reason: str, honour_retention: bool
) -> ErasureResult:
    states = _locked(contact_ids)
    present = [state for state in states if not state.is_anonymised]
    kept = contacts_retained([state.ref.id for state in present]) if honour_retention else []
    erased = [state for state in present if state.ref.id not in set(kept)]
    if erased:
        _erase(actor, erased, reason)
    return ErasureResult([state.ref.id for state in erased], kept)


def _locked(contact_ids: Sequence[int]) -> list[TargetState]:
    """The contacts in order of id, under all locks that the order of locks asks for."""
    contacts = Contact.objects.filter(pk__in=contact_ids).order_by("pk")
    refs = [
        TargetRef(CONTACT, *row)
        for row in contacts.values_list("pk", "contact_type__schema", "contact_type__schema__key")
    ]
    by_schema: dict[int, list[TargetRef]] = {}
    for ref in refs:
        by_schema.setdefault(ref.schema_id, []).append(ref)
    for schema_id in sorted(by_schema):
        schema_lock_shared(schema_id)
    for store in PERSONAL_DATA:
        store.lock(contact_ids)
    # All at once, whatever their schemas: the order of ids is one for everybody. The whole rows, as
    # losing the username is for the server losing a key: rows that are about to refer to one of
    # the contacts would otherwise be waited for in no order.
    list(contacts.select_for_update(of=("self",)).values_list("pk"))
    states: dict[int, TargetState] = {}
    for group in by_schema.values():
        states.update(targets_get_for_update(group))
    return [states[ref.id] for ref in refs]


def contacts_retained(contact_ids: Sequence[int]) -> list[int]:
    """Those that must be kept, for their own sake or their type's (N5), in order. By the database's
    clock, so that no web server's that is fast lets go of them early. Whoever is anonymised has
    nothing left to keep.
    """
    must_stay = Q(retain_until__gt=Now()) | Q(contact_type__retain_until__gt=Now())
    retained = Contact.objects.filter(must_stay, pk__in=contact_ids, anonymised_at__isnull=True)
    return list(retained.order_by("pk").values_list("pk", flat=True))


def _erase(actor: Actor, states: Sequence[TargetState], reason: str) -> None:
    contact_ids = [state.ref.id for state in states]
    defaults = ExternalConnection.objects.filter(contact_id__in=contact_ids, system="Default")
    erasure = Erasure(actor, contact_ids, dict(defaults.values_list("contact_id", "external_id")))
    # Before any row is written: whoever takes one of the names waits for all writers of its row.
    usernames_lock([state.username for state in states])
    # The first write: what guards history and the audit log lets an erasure through by this mark.
    Contact.objects.filter(pk__in=contact_ids).update(anonymised_at=timezone.now())
    _empty_details(actor, states)
    for store in PERSONAL_DATA:
        store.erase(erasure)
    for contact_id in contact_ids:
        audit_record(
            actor=actor,
            operation=ERASURE_OPERATION,
            object_type="contact",
            object_id=contact_id,
            fields=[store.name for store in PERSONAL_DATA],
            reason=reason,
        )
    # A second trace of the ledger, outside of the database and its backups. With uids: after a
    # restore an id can be another contact's.
    uids = [str(state.uid) for state in states]
    transaction.on_commit(lambda: log.info("contacts_anonymised", contacts=contact_ids, uids=uids))


def _empty_details(actor: Actor, states: Sequence[TargetState]) -> None:
    origin = Origin(ChangeSet.Source.ERASURE, member_id=actor.member_id, app_id=actor.app_id)
    details_apply(origin=origin, kind=CONTACT, writes=[_emptying(state) for state in states])


def _emptying(state: TargetState) -> DetailsWrite:
    """The write that leaves what is not personal; its changes say what is gone, not what it was."""
    compiled = compiled_at(state.schema)
    gone = [
        Change(leaf.path, None, None)
        for leaf in leaves(state.details)
        if leaf.field_path not in compiled.impersonal
    ]
    document = impersonal(compiled, state.details)
    return DetailsWrite(state, compiled, document, gone, name=anonymised_name(state.ref.id))
