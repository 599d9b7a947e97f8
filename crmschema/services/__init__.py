"""Writes of schemas."""

from crmschema.exceptions import ConcurrencyConflict
from crmschema.services.save import schema_create, schema_save

__all__ = ["ConcurrencyConflict", "schema_create", "schema_save"]
