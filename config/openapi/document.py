"""The document as a whole, generated from the routes."""

# drf-spectacular is typed by half.
# mypy: allow-untyped-calls

import json
import re
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.views import APIView

from config.common.serializers import camel_case
from config.openapi.components import HEADERS, PARAMETERS, SCHEMAS, SECURITY_SCHEMES
from config.openapi.model import Node
from config.openapi.responses import RESPONSES
from config.openapi.schema import ApiSchema
from config.openapi.texts import INFO, TAGS

_SHARED: dict[str, Node] = {
    ResolvedComponent.SCHEMA: SCHEMAS,
    ResolvedComponent.PARAMETER: PARAMETERS,
    ResolvedComponent.HEADER: HEADERS,
    ResolvedComponent.RESPONSE: RESPONSES,
    ResolvedComponent.SECURITY_SCHEMA: SECURITY_SCHEMES,
}


class DocumentGenerator(SchemaGenerator):
    """Walks the routes, with our schema on every view."""

    def create_view(self, callback: Any, method: str, request: Any = None) -> APIView:  # untyped
        """The view that an operation is read from."""
        view: APIView = super().create_view(callback, method, request)
        self._set_schema_to_view(view, ApiSchema())
        return view

    def coerce_path(self, path: str, method: str, view: APIView) -> str:
        """Path parameters in the contract's spelling."""
        return re.sub(r"{(\w+)}", lambda found: f"{{{camel_case(found[1])}}}", path)


def build_document() -> Node:
    """The document of the routes as they are. Raises RuntimeError for what is ambiguous."""
    generator = DocumentGenerator()
    for kind, components in _SHARED.items():
        for name, node in components.items():
            generator.registry.register(ResolvedComponent(name, kind, node, name))
    generated = generator.get_schema(public=True)
    if GENERATOR_STATS:
        raise RuntimeError("The document is ambiguous; see the warnings above.")
    return {
        "openapi": generated["openapi"],
        "info": INFO,
        "servers": [{"url": "/"}],
        "security": [{name: []} for name in SECURITY_SCHEMES],
        "tags": TAGS,
        "paths": generated["paths"],
        "components": generated["components"],
    }


def render(document: Node) -> str:
    """The text that is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
