"""Reads of schemas, of their versions and of checks."""

from crmschema.selectors.checks import CheckResult, schema_check_get
from crmschema.selectors.schemas import (
    LISTS_REVISION_SQL,
    SCHEMA_STATE_SQL,
    SchemaState,
    StoredSchema,
    compiled,
    compiled_at,
    list_keys,
    schema_get,
    text_compiled,
)
from crmschema.selectors.versions import (
    schema_version_text,
    schema_versions_diff,
    version_compiled,
)

__all__ = [
    "LISTS_REVISION_SQL",
    "SCHEMA_STATE_SQL",
    "CheckResult",
    "SchemaState",
    "StoredSchema",
    "compiled",
    "compiled_at",
    "list_keys",
    "schema_check_get",
    "schema_get",
    "schema_version_text",
    "schema_versions_diff",
    "text_compiled",
    "version_compiled",
]
