"""The ledger of erasures: what a restore of an older backup would bring back (N2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, OuterRef, Subquery
from django.db.models.functions import Cast

from config.common.models import AuditEvent
from contacts.models import Contact
from contacts.personal_data.records import ERASURE_OPERATION


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One erasure: whom, when and why. Nothing of it is personal data but what a reason says."""

    contact_id: int
    contact_uid: UUID
    erased_at: datetime
    reason: str

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """The form of a line in a ledger file."""
        return {
            "contactId": self.contact_id,
            "contactUid": str(self.contact_uid),
            "erasedAt": self.erased_at.isoformat(),
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> "LedgerEntry":  # Any: JSON values
        """The entry of a line. Raises KeyError and ValueError for what is none."""
        return cls(
            contact_id=int(line["contactId"]),
            contact_uid=UUID(line["contactUid"]),
            erased_at=datetime.fromisoformat(line["erasedAt"]),
            reason=str(line["reason"]),
        )


def ledger_entries(*, since: datetime | None = None) -> Iterator[LedgerEntry]:
    """The erasures since a moment, in order. Read as a stream, by one statement: an erasure that
    is committed meanwhile is in it whole or not at all.
    """
    events = AuditEvent.objects.filter(operation=ERASURE_OPERATION, object_type="contact")
    if since is not None:
        events = events.filter(created_at__gte=since)
    contact = Contact.objects.filter(pk=Cast(OuterRef("object_id"), IntegerField()))
    named = events.annotate(contact_uid=Subquery(contact.values("uid")))
    columns = ("object_id", "contact_uid", "created_at", "reason")
    for contact_id, contact_uid, erased_at, reason in (
        named.order_by("id").values_list(*columns).iterator()
    ):
        yield LedgerEntry(int(contact_id), contact_uid, erased_at, reason)
