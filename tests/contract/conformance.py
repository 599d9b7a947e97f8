"""A test client that holds every answer against the committed document.

An undocumented status, sub-code, header, media type or member of a body fails the test that got
it. Answers of addresses outside of the API pass untouched.
"""

import json
from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from jsonschema import Draft202012Validator, FormatChecker

from config.common.api import ApiView
from config.openapi.committed import committed_document

API_PREFIX = "/v1."
# What a route answers before it knows an operation: no token, no route, no such method.
OUTSIDE_OPERATIONS = {401, 404, 405}
# Every answer may have these; of the others each must be documented.
COMMON_HEADERS = {
    "Content-Type",
    "Content-Language",
    "Content-Length",
    "Vary",
    "Cache-Control",
    "X-Content-Type-Options",
    "X-Correlation-ID",
}
_formats = FormatChecker(formats=())


class ConformingClient(Client):
    """Django's client; a failed assertion where an answer is not the documented one."""

    def request(self, **request: Any) -> HttpResponse:
        response = super().request(**request)
        assert_conforms(response)
        return response


def assert_conforms(response: HttpResponse) -> None:
    """The answer is one that the document names for its operation."""
    request = response.wsgi_request
    if not request.path_info.startswith(API_PREFIX):
        return
    operation = operation_of(request.method, request.path_info)
    if operation is None:
        assert response.status_code in OUTSIDE_OPERATIONS, response.status_code
        _assert_body(response, {"$ref": "#/components/schemas/ApiError"}, request.method)
        return
    answer = documented_answer(operation, response.status_code)
    _assert_headers(response, answer)
    content = answer.get("content")
    if content is None:
        assert response.content == b""
        assert "Content-Type" not in response.headers
        return
    _assert_body(response, content["application/json"]["schema"], request.method)
    if response.status_code >= 400 and request.method != "HEAD":
        _assert_sub_code(response, content["application/json"])


def operation_of(method: str, path: str) -> str | None:
    """The operation that a request is for; None where there is none."""
    try:
        view = resolve(path).func.cls
    except (Resolver404, AttributeError):
        return None
    assert issubclass(view, ApiView)
    return view.operations.get("get" if method == "HEAD" else method.lower())


def documented_answer(operation: str, status: int) -> dict[str, Any]:
    """What the document says about an operation's status."""
    answers = _operations()[operation]["responses"]
    assert str(status) in answers, f"{operation}: the status {status} is not documented"
    return resolved(answers[str(status)])


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node itself, or the component that it refers to."""
    if "$ref" not in node:
        return node
    _, kind, name = node["$ref"].removeprefix("#/").split("/")
    return committed()["components"][kind][name]


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator of a schema of the document; members that it does not name are errors."""
    return Draft202012Validator(
        {**schema, "components": _strict_components()}, format_checker=_formats
    )


@cache
def committed() -> dict[str, Any]:
    """The committed document, read once."""
    return committed_document()


@cache
def _operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for item in committed()["paths"].values()
        for operation in item.values()
    }


@cache
def _strict_components() -> dict[str, Any]:
    components = deepcopy(committed()["components"])
    for schema in components["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return components


def _assert_headers(response: HttpResponse, answer: dict[str, Any]) -> None:
    names = set(response.headers)
    undocumented = names - COMMON_HEADERS - set(answer["headers"])
    assert not undocumented, f"headers {undocumented} are not documented"
    assert "X-Correlation-ID" in names


def _assert_body(response: HttpResponse, schema: dict[str, Any], method: str) -> None:
    assert response.headers["Content-Type"] == "application/json"
    if method != "HEAD":
        errors = [
            f"{error.json_path}: {error.message}"
            for error in validator(schema).iter_errors(json.loads(response.content))
        ]
        assert not errors, errors


def _assert_sub_code(response: HttpResponse, media: dict[str, Any]) -> None:
    documented = {each["value"]["subCode"] for each in media["examples"].values()}
    sub_code = json.loads(response.content)["subCode"]
    assert sub_code in documented, f"the sub-code {sub_code} is not documented"


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value


@_formats.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_formats.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31
