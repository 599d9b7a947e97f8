"""Validation of details against a compiled schema (D2)."""

from crmschema.validation.errors import DetailError, ErrorCode
from crmschema.validation.validate import validate

__all__ = ["DetailError", "ErrorCode", "validate"]
