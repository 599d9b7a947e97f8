"""Kinds of objects in the audit log that not everybody reaches (A2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from config.common.actors import Actor
from config.common.registry import Registry


@dataclass(frozen=True, slots=True)
class AuditedKind:
    """How audit events name a kind of object whose ids are numbers, and which rows an actor
    reaches.
    """

    object_type: str
    reached: Callable[[Actor], QuerySet[Any]]  # Any: rows of the apps


AUDITED_KINDS: Registry[AuditedKind] = Registry()
