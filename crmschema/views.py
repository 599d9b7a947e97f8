"""CRM schemas on the API."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import ApiView, Output, json_answer
from crmschema.compiler.metadata import fields_metadata, layout_metadata
from crmschema.presenters import json_schema_text, schema_output
from crmschema.selectors import compiled, schema_get
from crmschema.serializers import (
    ConcurrencyTokenOutput,
    CrmSchemaOutput,
    CrmSchemaUpdateInput,
    FieldsMetadataOutput,
    FieldsMetadataQueryInput,
    JsonSchemaOutput,
    LayoutMetadataOutput,
)
from crmschema.services import schema_save


class SchemaView(ApiView):
    operations: ClassVar = {"get": "getSchema", "put": "updateSchema"}
    inputs: ClassVar = {"put": CrmSchemaUpdateInput}
    outputs: ClassVar = {"get": Output(CrmSchemaOutput), "put": Output(ConcurrencyTokenOutput)}
    body_limit: ClassVar = settings.MAX_SCHEMA_BODY_BYTES

    def get(self, request: Request, key: str) -> HttpResponse:
        """A schema with its JSON Schema."""
        return json_answer(schema_output(schema_get(key), self.language))

    def put(self, request: Request, key: str) -> HttpResponse:
        """Save the next version of a schema."""
        body, retry_key = self.body(), self.idempotency_key()

        def save() -> HttpResponse:
            saved = schema_save(
                actor=self.actor,
                key=key,
                schema=body["schema"] or "",
                concurrency_token=body["concurrency_token"],
                json_schema=body.get("json_schema"),
            )
            return json_answer({"concurrencyToken": saved.concurrency_token})

        return self.once(save, retry_key)


class JsonSchemaView(ApiView):
    operations: ClassVar = {"get": "getJsonSchema"}
    outputs: ClassVar = {"get": Output(JsonSchemaOutput)}

    def get(self, request: Request, key: str) -> HttpResponse:
        """The JSON Schema, for validation elsewhere."""
        return json_answer({"jsonSchema": json_schema_text(compiled(key), self.language)})


class LayoutMetadataView(ApiView):
    operations: ClassVar = {"get": "getLayoutMetadata"}
    outputs: ClassVar = {"get": Output(LayoutMetadataOutput)}

    def get(self, request: Request, key: str) -> HttpResponse:
        """Layout elements."""
        return json_answer(layout_metadata(compiled(key), self.language))


class FieldsMetadataView(ApiView):
    operations: ClassVar = {"post": "getFieldsMetadata"}
    inputs: ClassVar = {"post": FieldsMetadataQueryInput}
    outputs: ClassVar = {"post": Output(FieldsMetadataOutput)}

    def post(self, request: Request, key: str) -> HttpResponse:
        """Input elements."""
        query: dict[str, Any] = self.body()  # Any: by field
        found = fields_metadata(
            compiled(key),
            self.language,
            field_keys=query.get("field_keys"),
            layout_path_key=query.get("layout_path_key"),
        )
        return json_answer(found)
