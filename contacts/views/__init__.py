"""REST views of contacts."""

from contacts.views.contacts import ContactMembersView, ContactsView
from contacts.views.details import ContactDetailsView
from contacts.views.history import ContactHistoryV10View, ContactHistoryView

__all__ = [
    "ContactDetailsView",
    "ContactHistoryV10View",
    "ContactHistoryView",
    "ContactMembersView",
    "ContactsView",
]
