"""Routes of the schema operations."""

from django.urls import path

from crmschema.views import (
    FieldsMetadataView,
    JsonSchemaView,
    LayoutMetadataView,
    SchemaChecksView,
    SchemaCheckView,
    SchemaView,
)

_SCHEMA = "crm/schemas/<str:key>"

urlpatterns = [
    path(f"v1.0/{_SCHEMA}", SchemaView.as_view()),
    path(f"v1.0/{_SCHEMA}/json-schema", JsonSchemaView.as_view()),
    path(f"v1.0/{_SCHEMA}/layout-metadata", LayoutMetadataView.as_view()),
    path(f"v1.0/{_SCHEMA}/fields-metadata", FieldsMetadataView.as_view()),
    path(f"v1.1/{_SCHEMA}/check", SchemaChecksView.as_view()),
    path(f"v1.1/{_SCHEMA}/check/<uuid:check_id>", SchemaCheckView.as_view()),
]
