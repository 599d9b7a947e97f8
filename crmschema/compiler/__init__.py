"""The schema compiler: from the Form.io text of a schema to everything that follows from it."""

from crmschema.compiler.canonical import canonical
from crmschema.compiler.compile import compile_draft, compile_schema

__all__ = ["canonical", "compile_draft", "compile_schema"]
