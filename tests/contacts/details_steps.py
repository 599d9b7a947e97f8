"""What the tests of details send and look up."""

from typing import Any

from contacts.models import ChangeSet, Contact

FREE = {"details": {"person": {"nickname": "x"}}}


def details_of(contact: Contact) -> dict[str, Any]:
    details: dict[str, Any] = Contact.objects.get(pk=contact.pk).details
    return details


def unchanged(contact: Contact) -> bool:
    stored = Contact.objects.get(pk=contact.pk)
    return (stored.details, stored.version) == (contact.details, 1) and (
        ChangeSet.objects.filter(contact=contact).count() == 1
    )
