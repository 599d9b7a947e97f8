"""Routes of the change request operations."""

from django.urls import path

from changerequests.views import (
    CancelView,
    ChangeRequestView,
    PendingCheckView,
    ReviewView,
    StatusesView,
)

_REQUEST = "contacts/<int:contact_id>/change-requests/<int:change_request_id>"

urlpatterns = [
    path("v1.0/contacts/change-requests/statuses", StatusesView.as_view()),
    path(f"v1.1/{_REQUEST}", ChangeRequestView.as_view()),
    path(
        "v1.1/contacts/<int:contact_id>/pending-change-request/check",
        PendingCheckView.as_view(),
    ),
    path(f"v1.0/{_REQUEST}/review", ReviewView.as_view()),
    path(f"v1.0/{_REQUEST}/cancel", CancelView.as_view()),
]
