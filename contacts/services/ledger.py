"""Erasing again what a restore has brought back (N2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from config.common.actors import SYSTEM
from contacts.models import Contact, ErasedExternalId
from contacts.selectors.ledger import LedgerEntry
from contacts.services.erasure import contacts_erase

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """How many contacts were erased again, how many still were, and how many are not there: they
    were made after the backup.
    """

    erased: int
    unchanged: int
    missing: int


def ledger_replay(*, entries: Iterable[LedgerEntry]) -> ReplayResult:
    """Anonymise every contact of a ledger that is there and not anonymised, by id and uid. What was
    erased stays refused to imports (N2), also where the restore has lost the contact, or had not
    its id yet.

    Retention does not count: the erasures were lawful when they were made. Each contact is done in
    a transaction of its own, so that it can be stopped and started again; those that still are
    anonymised cost two statements for a hundred.
    """
    erased = unchanged = missing = 0
    remaining = iter(entries)
    while chunk := list(islice(remaining, _CHUNK)):
        uids = [entry.contact_uid for entry in chunk]
        contacts = Contact.objects.filter(uid__in=uids).only("uid", "anonymised_at").in_bulk()
        for entry in chunk:
            contact = contacts.get(entry.contact_id)
            if contact is None or contact.uid != entry.contact_uid:
                missing += 1
            elif contact.anonymised_at is not None:
                unchanged += 1
            else:
                _erase_again(entry)
                erased += 1
        _refuse_imports(chunk, contacts)
    return ReplayResult(erased, unchanged, missing)


@transaction.atomic
def _erase_again(entry: LedgerEntry) -> None:
    contacts_erase(
        actor=SYSTEM,
        contact_ids=[entry.contact_id],
        reason=f"Again after a restore, first at {entry.erased_at.isoformat()}: {entry.reason}",
        honour_retention=False,
    )


def _refuse_imports(chunk: Iterable[LedgerEntry], contacts: Mapping[int, Contact]) -> None:
    """After the erasures, which name the ids that the restored contacts have."""
    erased = {contact.uid: contact.pk for contact in contacts.values()}
    hashes = [
        ErasedExternalId(contact_id=erased.get(entry.contact_uid), id_hash=id_hash)
        for entry in chunk
        for id_hash in entry.id_hashes
    ]
    ErasedExternalId.objects.bulk_create(hashes, ignore_conflicts=True)
