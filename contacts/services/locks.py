"""The lock of a contact's row, for writes that leave its details alone."""

from config.common.exceptions import NotFound
from contacts.exceptions import ContactAnonymized
from contacts.models import Contact


def contact_lock(contact_id: int) -> None:
    """Lock the row. Expects a transaction. Raises NotFound, ContactAnonymized (N3)."""
    contact = (
        Contact.objects.select_for_update(no_key=True)
        .only("anonymised_at")
        .filter(pk=contact_id)
        .first()
    )
    if contact is None:
        raise NotFound
    if contact.anonymised_at is not None:
        raise ContactAnonymized
