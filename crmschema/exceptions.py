"""Errors of schemas."""

from config.common.exceptions import BadRequest, Conflict


class SchemaInvalid(BadRequest):
    """A schema that is refused whole (S3); `properties["errors"]` names every problem.

    Each is `{path, key, code, message}` with the component's path (`components[0].components[2]`).
    """

    sub_code = "SchemaInvalid"
    default_message = "The schema is not valid."


class JsonSchemaMismatch(BadRequest):
    """A JSON Schema was sent along that follows from neither schema (S1)."""

    sub_code = "JsonSchemaMismatch"
    default_message = "The JSON Schema is neither the current one nor what the schema derives."


class ConcurrencyConflict(Conflict):
    """The schema was saved by someone else since it was read (S2)."""

    sub_code = "ConcurrencyConflict"
    default_message = "The schema has been changed since it was read."
