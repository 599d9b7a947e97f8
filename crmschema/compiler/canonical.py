"""The canonical form of a schema."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4


def canonical(
    schema: str | Mapping[str, Any],  # Any: a JSON document
    *,
    new_uid: Callable[[], UUID] = uuid4,
) -> dict[str, Any]:  # Any: a JSON document
    """The canonical form of `schema`."""
    raise NotImplementedError
