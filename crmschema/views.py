"""CRM schemas on the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import ApiView, Output, json_answer
from crmschema.compiler.metadata import fields_metadata, layout_metadata
from crmschema.presenters import check_output, json_schema_text, schema_output
from crmschema.selectors import compiled, schema_check_get, schema_get
from crmschema.serializers import (
    ConcurrencyTokenOutput,
    CrmSchemaOutput,
    CrmSchemaUpdateInput,
    FieldsMetadataOutput,
    FieldsMetadataQueryInput,
    JsonSchemaOutput,
    LayoutMetadataOutput,
    SchemaCheckIdOutput,
    SchemaCheckOutput,
    SchemaCheckStartInput,
)
from crmschema.services import schema_check_start, schema_save


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
                accepted_check=body.get("accepted_check"),
                language=self.language,
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


class SchemaChecksView(ApiView):
    operations: ClassVar = {"post": "startSchemaCheck"}
    inputs: ClassVar = {"post": SchemaCheckStartInput}
    outputs: ClassVar = {"post": Output(SchemaCheckIdOutput, 202)}
    body_limit: ClassVar = settings.MAX_SCHEMA_BODY_BYTES

    def post(self, request: Request, key: str) -> HttpResponse:
        """Start to check what a schema would break."""
        body, retry_key = self.body(), self.idempotency_key()

        def start() -> HttpResponse:
            check = schema_check_start(
                actor=self.actor,
                key=key,
                schema=body["schema"] or "",
                concurrency_token=body["concurrency_token"],
            )
            answer = json_answer({"checkId": check.uid}, status=202)
            answer.headers["Location"] = f"/v1.1/crm/schemas/{key}/check/{check.uid}"
            return answer

        return self.once(start, retry_key)


class SchemaCheckView(ApiView):
    operations: ClassVar = {"get": "getSchemaCheck"}
    outputs: ClassVar = {"get": Output(SchemaCheckOutput)}

    def get(self, request: Request, key: str, check_id: UUID) -> HttpResponse:
        """A check with its progress and findings."""
        return json_answer(
            check_output(schema_check_get(key=key, check_id=check_id), self.language)
        )
