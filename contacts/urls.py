"""Routes of the contact operations."""

from django.urls import path

from contacts.views import (
    ContactDetailsView,
    ContactHistoryV10View,
    ContactHistoryView,
    ContactMembersView,
    ContactsView,
)

urlpatterns = [
    path("v1.0/contacts", ContactsView.as_view()),
    path("v1.0/contacts/<int:contact_id>/details", ContactDetailsView.as_view()),
    path("v1.1/contacts/<int:contact_id>/members", ContactMembersView.as_view()),
    path(
        "v1.0/contacts/<int:contact_id>/details/change-history/search",
        ContactHistoryV10View.as_view(),
    ),
    path(
        "v1.1/contacts/<int:contact_id>/details/change-history/search",
        ContactHistoryView.as_view(),
    ),
]
