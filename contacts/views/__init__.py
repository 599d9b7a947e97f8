"""REST views of contacts."""

from contacts.views.audit import AuditSearchView
from contacts.views.contacts import ContactMembersView, ContactsView
from contacts.views.details import ContactDetailsView
from contacts.views.history import ContactHistoryV10View, ContactHistoryView, PastDetailsView
from contacts.views.identity import (
    ExternalConnectionsView,
    ExternalConnectionView,
    UsernameView,
)
from contacts.views.pictures import ProfilePictureView
from contacts.views.privacy import (
    AnonymizationView,
    AnonymizeView,
    PersonalDataView,
    RetentionView,
)
from contacts.views.verification import (
    ChannelDiscontinueView,
    ChannelResendView,
    ChannelVerifyView,
)

__all__ = [
    "AnonymizationView",
    "AnonymizeView",
    "AuditSearchView",
    "ChannelDiscontinueView",
    "ChannelResendView",
    "ChannelVerifyView",
    "ContactDetailsView",
    "ContactHistoryV10View",
    "ContactHistoryView",
    "ContactMembersView",
    "ContactsView",
    "ExternalConnectionView",
    "ExternalConnectionsView",
    "PastDetailsView",
    "PersonalDataView",
    "ProfilePictureView",
    "RetentionView",
    "UsernameView",
]
