"""REST views of contacts."""

from contacts.views.contacts import ContactMembersView, ContactsView
from contacts.views.details import ContactDetailsView
from contacts.views.history import ContactHistoryView

__all__ = ["ContactDetailsView", "ContactHistoryView", "ContactMembersView", "ContactsView"]
