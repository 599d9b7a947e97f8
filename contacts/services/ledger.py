"""Erasing again what a restore has brought back (N2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from config.common.actors import SYSTEM
from contacts.models import Contact
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
    """Anonymise every contact of a ledger that is there and not anonymised, by id and uid.

    Retention does not count: the erasures were lawful when they were made. Each contact is done in
    a transaction of its own, so that it can be stopped and started again.
    """
    erased = unchanged = missing = 0
    remaining = iter(entries)
    while chunk := list(islice(remaining, _CHUNK)):
        uids = dict(
            Contact.objects.filter(pk__in=[entry.contact_id for entry in chunk]).values_list(
                "pk", "uid"
            )
        )
        for entry in chunk:
            if uids.get(entry.contact_id) != entry.contact_uid:
                missing += 1
            elif _erase_again(entry):
                erased += 1
            else:
                unchanged += 1
    return ReplayResult(erased, unchanged, missing)


@transaction.atomic
def _erase_again(entry: LedgerEntry) -> bool:
    result = contacts_erase(
        actor=SYSTEM,
        contact_ids=[entry.contact_id],
        reason=f"Again after a restore, first at {entry.erased_at.isoformat()}: {entry.reason}",
        honour_retention=False,
    )
    return bool(result.erased)
