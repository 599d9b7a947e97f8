"""Validation of details against a compiled schema (D2)."""

from crmschema.validation.errors import DetailError, ErrorCode
from crmschema.validation.validate import validate, validate_by_schema

__all__ = ["DetailError", "ErrorCode", "validate", "validate_by_schema"]
