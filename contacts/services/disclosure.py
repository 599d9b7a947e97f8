"""Subject access: everything that is held on a contact, from the registry of stores."""

from typing import Any

from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.privacy import PERSONAL_DATA
from contacts.models import Contact
from contacts.selectors.recipients import contact_recipients


@atomic()
def contact_disclose(*, actor: Actor, contact_id: int) -> dict[str, Any]:  # Any: JSON values
    """All that is held on a contact that the caller is known to reach, store by store, with what
    an erasure keeps of it and why; and who can read it. Members are named by uid. Leaves an audit
    event: handing it out is a disclosure itself.

    Locks the contact, so that all stores are of one moment: writes and erasures wait.
    """
    Contact.objects.select_for_update(no_key=True).only("pk").get(pk=contact_id)
    disclosed = {
        "contactId": contact_id,
        "generatedAt": timezone.now(),
        "recipients": contact_recipients(contact_id=contact_id),
        "stores": [
            {"name": store.name, "keptAfterErasure": store.keeps, "data": store.collect(contact_id)}
            for store in PERSONAL_DATA
        ],
    }
    audit_record(
        actor=actor,
        operation="disclosePersonalData",
        object_type="contact",
        object_id=contact_id,
        fields=[store.name for store in PERSONAL_DATA],
    )
    return disclosed
