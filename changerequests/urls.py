"""Routes of the change request operations."""

from django.urls import path

from changerequests.views import (
    CancelView,
    ChangeRequestV10View,
    ChangeRequestView,
    MemberSearchView,
    PendingCheckV10View,
    PendingCheckView,
    ReviewView,
    SearchView,
    StatusesView,
)

_REQUEST = "contacts/<int:contact_id>/change-requests/<int:change_request_id>"
_CHECK = "contacts/<int:contact_id>/pending-change-request/check"

urlpatterns = [
    path("v1.0/contacts/change-requests/statuses", StatusesView.as_view()),
    path("v1.0/contacts/change-requests/search", SearchView.as_view()),
    path(
        "v1.0/members/<int:member_id>/contacts/change-requests/search",
        MemberSearchView.as_view(),
    ),
    path(f"v1.0/{_REQUEST}", ChangeRequestV10View.as_view()),
    path(f"v1.1/{_REQUEST}", ChangeRequestView.as_view()),
    path(f"v1.0/{_CHECK}", PendingCheckV10View.as_view()),
    path(f"v1.1/{_CHECK}", PendingCheckView.as_view()),
    path(f"v1.0/{_REQUEST}/review", ReviewView.as_view()),
    path(f"v1.0/{_REQUEST}/cancel", CancelView.as_view()),
]
