"""Routes of the contact operations."""

from django.urls import path, register_converter

from config.common.routes import AnyTextConverter
from contacts.views import (
    AnonymizationView,
    AnonymizeView,
    AuditSearchView,
    ChannelDiscontinueView,
    ChannelResendView,
    ChannelVerifyView,
    ContactDetailsView,
    ContactHistoryV10View,
    ContactHistoryView,
    ContactMembersView,
    ContactsView,
    ExternalConnectionsView,
    ExternalConnectionView,
    PastDetailsView,
    PersonalDataView,
    ProfilePictureView,
    RetentionView,
    UsernameView,
)

register_converter(AnyTextConverter, "text")

_VERIFICATION = "v1.0/contacts/<int:contact_id>/communication-verification"

urlpatterns = [
    path(f"{_VERIFICATION}/verify", ChannelVerifyView.as_view()),
    path(f"{_VERIFICATION}/resend", ChannelResendView.as_view()),
    path(f"{_VERIFICATION}/discontinue", ChannelDiscontinueView.as_view()),
    path("v1.0/contacts", ContactsView.as_view()),
    path("v1.0/contacts/<int:contact_id>/details", ContactDetailsView.as_view()),
    path("v1.1/contacts/<int:contact_id>/details", PastDetailsView.as_view()),
    path("v1.1/contacts/<int:contact_id>/members", ContactMembersView.as_view()),
    path("v1.0/contacts/<int:contact_id>/username", UsernameView.as_view()),
    path("v1.0/contacts/<int:contact_id>/profile-picture", ProfilePictureView.as_view()),
    path("v1.0/contacts/<int:contact_id>/external-connections", ExternalConnectionsView.as_view()),
    path(
        "v1.0/contacts/external-connections/<str:system>/<text:external_id>",
        ExternalConnectionView.as_view(),
    ),
    path(
        "v1.0/contacts/<int:contact_id>/details/change-history/search",
        ContactHistoryV10View.as_view(),
    ),
    path(
        "v1.1/contacts/<int:contact_id>/details/change-history/search",
        ContactHistoryView.as_view(),
    ),
    path("v1.1/audit-events/search", AuditSearchView.as_view()),
    path("v1.0/contacts/anonymize", AnonymizeView.as_view()),
    path("v1.1/contacts/anonymizations/<uuid:anonymization_id>", AnonymizationView.as_view()),
    path("v1.1/contacts/<int:contact_id>/retention", RetentionView.as_view()),
    path("v1.1/contacts/<int:contact_id>/personal-data", PersonalDataView.as_view()),
]
