"""One operation of the document, built from the tables of its view and of `operations`."""

# drf-spectacular is typed by half.
# mypy: allow-untyped-calls

import re
from typing import Any, Literal, cast

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from config.common.access import ACCESS
from config.common.api import ApiView
from config.common.serializers import camel_case
from config.openapi.components import headers, ref
from config.openapi.model import Json, Node, OperationDoc
from config.openapi.operations import OPERATIONS
from config.openapi.responses import error_responses

Direction = Literal["request", "response"]

_PATH_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_PATH_SCHEMAS: dict[str, Node] = {
    "int": {"type": "integer", "format": "int32"},
    "uuid": {"type": "string", "format": "uuid"},
    "str": {"type": "string"},
    "text": {"type": "string"},
}
_PATH_DESCRIPTIONS = {
    "contactId": "Contact id",
    "listKey": "List key",
    "changeRequestId": "Change request id",
    "anonymizationId": "Id of a large request to anonymise",
    "key": "Schema key",
    "checkId": "Check id",
    "system": "Name of the system; its case matters",
    "externalId": "External id, percent-encoded; it may hold any character, slashes too",
    "memberId": "Member id",
}
# Docstrings name rules and mark code; readers of the document know neither.
_RULES = re.compile(r" \([A-Z]\d+(, [A-Z]\d+)*\)|`")


class ChoiceExtension(OpenApiSerializerFieldExtension):
    """Without the library's list of choices as a text."""

    target_class = "rest_framework.serializers.ChoiceField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Node:
        """Its schema."""
        return {"type": "string", "enum": list(self.target.choices)}


class StrictEnumExtension(OpenApiSerializerFieldExtension):
    """Enums become components of their own name."""

    target_class = "config.common.fields.StrictEnum"

    def get_name(self) -> str:
        """The name of the component."""
        return str(self.target.component)

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> Node:
        """Its schema."""
        return {"type": "string", "enum": [member.value for member in self.target.enum]}


class ApiSchema(AutoSchema):
    """Serializers become schemas as drf-spectacular has it; the operation around them is ours."""

    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: Any,  # Any: untyped
    ) -> Node:
        """The operation of `method` on the view."""
        self.registry = registry
        self.path_regex = path_regex
        self.method = method.upper()
        view = self._api_view
        name = view.operations[method.lower()]
        doc = OPERATIONS[name]
        operation: Node = {
            "operationId": name,
            "tags": [doc.tag],
            "summary": doc.summary,
            "description": "\n\n".join(filter(None, (doc.description, access_text(name)))),
            "parameters": self._parameters(doc),
        }
        body = view.inputs.get(method.lower())
        if body is not None:
            operation["requestBody"] = self._request_body(body, doc)
        operation["responses"] = self._success(doc) | error_responses(
            doc, has_body=body is not None
        )
        return operation | ({"deprecated": True} if self._is_deprecated else {})

    def get_serializer_name(
        self, serializer: serializers.BaseSerializer[Any], direction: Direction
    ) -> str:
        """The class without its direction; `Meta.ref_name` overrides it."""
        return type(serializer).__name__.removesuffix("Input").removesuffix("Output")

    def _map_basic_serializer(self, serializer: Any, direction: Direction) -> Node:  # Any: untyped
        schema: Node = super()._map_basic_serializer(serializer, direction)
        schema["description"] = _RULES.sub("", schema["description"])
        # Members that nobody named are refused (rule Q4).
        return schema | ({"additionalProperties": False} if direction == "request" else {})

    @property
    def _api_view(self) -> ApiView:
        # The generator meets no other views: they have no methods to document.
        return cast(ApiView, self.view)

    @property
    def _is_deprecated(self) -> bool:
        return self.method.lower() in self._api_view.successors

    def _parameters(self, doc: OperationDoc) -> list[Node]:
        names = ["AcceptLanguage", "Language"]
        names += ["IdempotencyKey"] if doc.is_retry_safe else []
        names += ["IfMatch"] if doc.honours_if_match else []
        return [
            *path_parameters(self.path_regex),
            *(ref("parameters", name) for name in names),
            *(query_flag(name, text) for name, text in doc.query_flags.items()),
            *(query_time(name, text) for name, text in doc.query_times.items()),
        ]

    def _request_body(self, serializer: Any, doc: OperationDoc) -> Node:  # Any: untyped
        return {
            "required": True,
            "content": self._content(serializer, "request", doc.request_example),
        }

    def _success(self, doc: OperationDoc) -> Node:
        output = self._api_view.outputs[self.method.lower()]
        names = ["Content-Language", *doc.answer_headers]
        names += ["Idempotency-Replayed"] if doc.is_retry_safe else []
        names += ["Deprecation", "Link"] if self._is_deprecated else []
        answer: Node = {"description": "Success", "headers": headers(names)}
        if output.serializer is not None:
            answer["content"] = self._content(output.serializer, "response", doc.answer_example)
        retry = ["Idempotency-Replayed"] if doc.is_retry_safe else []
        others = {
            str(status): {
                "description": text,
                "headers": headers(["Content-Language", *more, *retry]),
            }
            for status, (text, more) in doc.other_answers.items()
        }
        return {str(output.status): answer, **others}

    def _content(
        self, serializer: Any, direction: Direction, example: Json
    ) -> Node:  # Any: untyped
        schema = self.resolve_serializer(serializer, direction).ref
        return {"application/json": {"schema": schema, "example": example}}


def path_parameters(route: str) -> list[Node]:
    """The parameters in a route of Django's, under the contract's names."""
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _PATH_SCHEMAS[converter or "str"],
            "description": _PATH_DESCRIPTIONS[name],
        }
        for converter, name in (
            (found[1], camel_case(found[2])) for found in _PATH_PARAMETER.finditer(route)
        )
    ]


def query_flag(name: str, description: str) -> Node:
    """A boolean query parameter that is off by default."""
    schema = {"type": "boolean", "default": False}
    return {"name": name, "in": "query", "schema": schema, "description": description}


def query_time(name: str, description: str) -> Node:
    """A date-time that the query must give."""
    return {
        "name": name,
        "in": "query",
        "required": True,
        "schema": {"type": "string", "format": "date-time"},
        "description": description,
        "example": "2026-01-01T00:00:00Z",
    }


def access_text(operation: str) -> str:
    """What the access matrix asks for, in words (rule A1)."""
    access = ACCESS[operation]
    sentences = []
    if access.scope is not None:
        sentences.append(f"Needs the scope {access.scope}.")
    else:
        sentences.append("Any token will do.")
    if not access.apps:
        sentences.append("For members only.")
    if not access.members:
        sentences.append("For apps only.")
    elif access.permission is not None:
        sentences.append(f"Members also need the permission {access.permission}.")
    return " ".join(sentences)
