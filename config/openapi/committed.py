"""The committed document, which is served as it is. It needs nothing of what generates it."""

import json
from functools import cache
from pathlib import Path

from config.openapi.model import Json

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@cache
def committed_text() -> bytes:
    """The file; it cannot change while the process lives."""
    return COMMITTED.read_bytes()


def committed_document() -> Json:
    """The document in the file."""
    return json.loads(committed_text())
