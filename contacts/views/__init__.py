"""REST views of contacts."""

from contacts.views.contacts import ContactMembersView, ContactsView
from contacts.views.details import ContactDetailsView
from contacts.views.history import ContactHistoryV10View, ContactHistoryView
from contacts.views.identity import (
    ExternalConnectionsView,
    ExternalConnectionView,
    UsernameView,
)

__all__ = [
    "ContactDetailsView",
    "ContactHistoryV10View",
    "ContactHistoryView",
    "ContactMembersView",
    "ContactsView",
    "ExternalConnectionView",
    "ExternalConnectionsView",
    "UsernameView",
]
