"""Ids of contacts in other systems (X1, X2)."""

from django.db import connection
from django.db.models import Q

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from contacts.connections import DEFAULT_SYSTEM, require_external_id, require_system
from contacts.exceptions import DefaultIdExists, ExternalIdNotUnique
from contacts.models import ExternalConnection
from contacts.services.locks import contact_lock

# Without waiting for each other for ever, as inserts that an exclusion constraint has to tell
# apart otherwise can: "do nothing" gives way, and says by its count that it did.
_INSERT = """
INSERT INTO contacts_externalconnection (contact_id, system, external_id) VALUES (%s, %s, %s)
ON CONFLICT DO NOTHING
"""


@atomic()
def connection_add(
    *, actor: Actor, contact_id: int, system: str | None, external_id: str | None
) -> None:
    """Add an external id to a contact that the caller is known to reach. A pair that it has
    already changes nothing and leaves no trace (X1).

    Locks the contact; what others hold is decided by constraints. Raises BadRequest (system or
    id), NotFound, ContactAnonymized, ExternalIdNotUnique, DefaultIdExists.
    """
    known_system, stored_id = require_system(system), require_external_id(external_id)
    contact_lock(contact_id)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [contact_id, known_system, stored_id])
        is_new = cursor.rowcount == 1
    if not is_new:
        _require_own(contact_id, known_system, stored_id)
        return
    audit_record(
        actor=actor,
        operation="addExternalConnection",
        object_type="contact",
        object_id=contact_id,
        fields=[f"connections.{known_system}"],
    )


def _require_own(contact_id: int, system: str, external_id: str) -> None:
    """What stood against the insert: the pair itself, another contact, or another default id. What
    others held can be gone by now; what the contact itself has cannot, under its lock.
    """
    in_the_way = ExternalConnection.objects.filter(
        Q(external_id=external_id) | Q(contact_id=contact_id, system=DEFAULT_SYSTEM)
    )
    found = set(in_the_way.values_list("contact_id", "system", "external_id"))
    if (contact_id, system, external_id) in found:
        return
    is_own_default = system == DEFAULT_SYSTEM and {owner for owner, _, _ in found} == {contact_id}
    raise DefaultIdExists if is_own_default else ExternalIdNotUnique
