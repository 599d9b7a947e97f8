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


class CheckUnknown(BadRequest):
    """`acceptedCheck` names no check of this schema, token and text (S4)."""

    sub_code = "CheckUnknown"
    default_message = "There is no check of this schema, token and text with this id."


class CheckNotFinished(Conflict):
    """`acceptedCheck` names a check without a result (S4)."""

    sub_code = "CheckNotFinished"
    default_message = "The check has not finished."


class BreakingChange(Conflict):
    """Stored documents stand against the change (S4). `properties` has `changes` and `findings`;
    `isComplete` tells whether these findings are all there are.
    """

    sub_code = "BreakingChange"
    default_message = "Stored details do not fit the schema. A check that is accepted lets it pass."


class FieldInUse(Conflict):
    """A field that holds data cannot be renamed, moved or retyped (S4)."""

    sub_code = "FieldInUse"
    default_message = "A field that holds data cannot be renamed, moved or given another type."
