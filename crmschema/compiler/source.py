"""Reads the text of a schema, with the limits of S3."""

from collections.abc import Mapping
from typing import Any

import orjson

from config.common.exceptions import BadRequest
from config.common.json import parse_strict
from crmschema.compiler.problems import ROOT, Problems

MAX_BYTES = 1_048_576
_MAX_JSON_DEPTH = 100


def root_components(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    problems: Problems,
) -> list[Any]:  # Any: a JSON value
    """The schema's top components; empty when the schema is no form definition."""
    form = _parsed(schema, problems)
    if form is None:
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


def _parsed(schema: str | Mapping[str, Any], problems: Problems) -> Any:  # Any: a JSON value
    try:
        if isinstance(schema, str):
            data = schema.encode(errors="surrogatepass")
        else:
            data = orjson.dumps(schema)
    except TypeError:
        problems.add(ROOT, "JsonInvalid", "The schema is not JSON.")
        return None
    if len(data) > MAX_BYTES:
        problems.add(ROOT, "TooLarge", "The schema is larger than 1 MB.")
        return None
    try:
        return parse_strict(data, max_depth=_MAX_JSON_DEPTH)
    except BadRequest as error:
        problems.add(ROOT, "JsonInvalid", error.message)
        return None
