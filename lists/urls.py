"""Routes of the list operations."""

from django.urls import path

from lists.views import ListItemsView, ListSearchView

urlpatterns = [
    path("v1.0/lists/items", ListItemsView.as_view()),
    path("v1.0/lists/<str:list_key>/search", ListSearchView.as_view()),
]
