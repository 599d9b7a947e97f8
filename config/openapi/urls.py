"""Routes of the document and its pages."""

from django.urls import path

from config.openapi import views

urlpatterns = [
    path("openapi.json", views.openapi_document, name="openapi-document"),
    path("docs/", views.swagger_page, name="openapi-swagger"),
    path("redoc/", views.redoc_page, name="openapi-redoc"),
]
