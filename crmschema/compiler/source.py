"""Reads the text of a schema, with the limits of S3.

How large a schema may be is asked when it is saved, of the text that is sent and of the one that is
stored, which has uids beside. A version that is stored already compiles for as long as it is
needed.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.conf import settings

from config.common.exceptions import BadRequest
from config.common.json import parse_strict
from crmschema.compiler.problems import ROOT, Problems

MAX_BYTES: Final = 1_048_576
TOO_LARGE: Final = ("TooLarge", "The schema is larger than 1 MB.")


class _UnreadableError(Exception):
    """The source is no JSON within the limits."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def root_components(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    problems: Problems,
    *,
    max_bytes: int | None = None,
) -> list[Any]:  # Any: a JSON value
    """The schema's top components; empty when the schema is no form definition."""
    try:
        form = _parsed(schema, max_bytes)
    except _UnreadableError as error:
        problems.add(ROOT, error.code, error.message)
        return []
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        problems.add(ROOT, "RootInvalid", "A schema is a JSON object with an array “components”.")
        return []
    if form.get("display", "form") != "form":
        problems.add(ROOT, "RootInvalid", "The display must be “form”.")
    if "$ref" in form:
        problems.add(ROOT, "ReferenceForbidden", "References are not allowed.")
    components: list[Any] = form["components"]  # Any: a JSON value
    return components


def _parsed(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    max_bytes: int | None,
) -> Any:  # Any: a JSON value
    try:
        if isinstance(schema, str):
            data = schema.encode(errors="surrogatepass")
        else:
            data = orjson.dumps(schema)
    except TypeError:
        raise _UnreadableError("JsonInvalid", "The schema is not JSON.") from None
    if max_bytes is not None and len(data) > max_bytes:
        raise _UnreadableError(*TOO_LARGE)
    try:
        return parse_strict(data, max_depth=settings.MAX_SCHEMA_JSON_DEPTH)
    except BadRequest as error:
        raise _UnreadableError("JsonInvalid", error.message) from None
