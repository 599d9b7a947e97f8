"""What must follow a saved schema in the same transaction, provided by the apps above."""

from collections.abc import Callable

from config.common.actors import Actor
from config.common.registry import Registry
from crmschema.compiler.model import CompiledSchema

SCHEMA_SAVED: Registry[Callable[[Actor, CompiledSchema], None]] = Registry()
"""Called under the schema's exclusive lock with what the save compiled to."""
