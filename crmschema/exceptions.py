"""Errors of schemas."""

from config.common.exceptions import BadRequest


class SchemaInvalid(BadRequest):
    """A schema that is refused whole (S3); `properties["errors"]` names every problem.

    Each is `{path, key, code, message}` with the component's path (`components[0].components[2]`).
    """

    sub_code = "SchemaInvalid"
