"""Writes of schemas, and checks of what they would break."""

from crmschema.services.checks import (
    schema_check_run,
    schema_check_start,
    schema_checks_sweep,
)
from crmschema.services.rebuilds import schema_rebuild_run, schema_rebuilds_sweep
from crmschema.services.save import schema_create, schema_restore, schema_save

__all__ = [
    "schema_check_run",
    "schema_check_start",
    "schema_checks_sweep",
    "schema_create",
    "schema_rebuild_run",
    "schema_rebuilds_sweep",
    "schema_restore",
    "schema_save",
]
