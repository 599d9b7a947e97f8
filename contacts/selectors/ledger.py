"""The ledger of erasures: what a restore of an older backup would bring back (N2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from contacts.personal_data.records import ERASURE_OPERATION

_HASH_BYTES = 32

_ENTRIES = """
WITH erased AS (
    SELECT contact_id, array_agg(id_hash ORDER BY id) AS hashes
    FROM contacts_erasedexternalid GROUP BY contact_id
)
SELECT contact.id, contact.uid, event.created_at, event.reason, coalesce(erased.hashes, '{}')
FROM common_auditevent event
JOIN contacts_contact contact ON contact.id = event.object_id::int
LEFT JOIN erased ON erased.contact_id = contact.id
WHERE event.operation = %s AND event.object_type = 'contact'
  AND event.created_at >= coalesce(%s, '-infinity'::timestamptz)
ORDER BY event.id
"""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One erasure: whom, when and why, and the keyed hashes of the `Default` ids that no import may
    bring back. Nothing of it is personal data but what a reason says.
    """

    contact_id: int
    contact_uid: UUID
    erased_at: datetime
    reason: str
    id_hashes: Sequence[bytes] = ()

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        """The form of a line in a ledger file."""
        return {
            "contactId": self.contact_id,
            "contactUid": str(self.contact_uid),
            "erasedAt": self.erased_at.isoformat(),
            "reason": self.reason,
            "externalIdHashes": [id_hash.hex() for id_hash in self.id_hashes],
        }

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> "LedgerEntry":  # Any: JSON values
        """The entry of a line; early ones have no hashes. Raises KeyError, TypeError and ValueError
        for what is none.
        """
        entry = cls(
            contact_id=int(line["contactId"]),
            contact_uid=UUID(line["contactUid"]),
            erased_at=datetime.fromisoformat(line["erasedAt"]),
            reason=str(line["reason"]),
            id_hashes=[bytes.fromhex(text) for text in line.get("externalIdHashes", ())],
        )
        if any(len(id_hash) != _HASH_BYTES for id_hash in entry.id_hashes):
            raise ValueError("no hash")
        return entry


def ledger_entries(*, since: datetime | None = None) -> Iterator[LedgerEntry]:
    """The erasures since a moment, in order. Read as a stream, by one statement: an erasure that
    is committed meanwhile is in it whole or not at all.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ENTRIES, [ERASURE_OPERATION, since])
        for contact_id, contact_uid, erased_at, reason, hashes in cursor:
            yield LedgerEntry(contact_id, contact_uid, erased_at, reason, list(map(bytes, hashes)))
