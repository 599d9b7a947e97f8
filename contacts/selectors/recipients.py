"""Who can read what is held on a contact (subject access)."""

from typing import Any

from django.db.models import Count, Q

from contacts.models import App, Contact, ContactReach, Member
from contacts.selectors.members import REACH_ALL, holds

_READ = "contacts.read"
_VIEW = "contacts.view_contact"


def contact_recipients(*, contact_id: int) -> dict[str, Any]:  # Any: JSON values
    """Who advises a contact, who stands above them, which members read it because they read every
    contact, and which apps may read it, as things stand. Single reads are not stored with the
    contact.
    """
    contact = Contact.objects.only("contact_type_id").get(pk=contact_id)
    advisers = Member.objects.filter(assignments__contact_id=contact_id)
    above = ContactReach.objects.filter(contact_id=contact_id, depth__gt=0)
    apps = App.objects.filter(is_active=True, scopes__contains=[_READ]).annotate(
        limits=Count("contact_types"),
        allows=Count("contact_types", filter=Q(contact_types=contact.contact_type_id)),
    )
    return {
        "adviserUids": list(advisers.order_by("pk").values_list("uid", flat=True)),
        "managerUids": list(
            Member.objects.filter(pk__in=above.values("member_id"))
            .order_by("pk")
            .values_list("uid", flat=True)
        ),
        "readerOfAllUids": list(
            Member.objects.filter(holds(REACH_ALL), holds(_VIEW))
            .order_by("pk")
            .values_list("uid", flat=True)
        ),
        "apps": list(
            apps.filter(Q(limits=0) | Q(allows__gt=0))
            .order_by("client_id")
            .values_list("client_id", flat=True)
        ),
    }
