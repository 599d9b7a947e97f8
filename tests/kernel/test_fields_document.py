"""What the strict fields say in the OpenAPI document is what they take."""

from typing import Any

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from test_strict_serializers import Everything


class EverythingView(APIView):
    """Echoes what it is sent; here only what it says of itself counts."""

    schema = AutoSchema()
    serializer_class = Everything

    def post(self, request: Request) -> Response:
        return Response(request.data)


@pytest.fixture(scope="module")
def properties() -> dict[str, Any]:
    generator = SchemaGenerator(patterns=[path("x", EverythingView.as_view())])
    document = generator.get_schema(request=None, public=True)
    schema = document["components"]["schemas"]["Everything"]
    assert "required" not in schema
    members: dict[str, Any] = schema["properties"]
    return members


def test_names_types_and_formats(properties: dict[str, Any]) -> None:
    assert properties["pageSize"] == {"type": ["integer", "null"], "format": "int32"}
    assert properties["shareCount"] == {
        "type": "integer",
        "format": "int64",
        "minimum": 1,
        "maximum": 2**40,
    }
    assert properties["isApproved"] == {"type": "boolean"}
    assert properties["comment"] == {"type": ["string", "null"], "maxLength": 10}
    assert properties["createdFrom"] == {"type": "string", "format": "date-time"}
    assert properties["contactUIds"] == {
        "type": ["array", "null"],
        "items": {"type": "string", "format": "uuid"},
    }
    assert properties["details"] == {"type": "object", "additionalProperties": True}
    assert properties["rows"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Row"},
    }
