"""The secrets of a development installation: made once, kept readable by their owner only."""

import os
import secrets
from pathlib import Path

from config import env

NAMES = ("SECRET_KEY", "JWT_SIGNING_KEY")
BYTES = 48


def ensure(path: Path) -> None:
    """Put the secrets into the environment, from the file or newly made and stored in it.

    What the environment holds already wins, and is never written down.
    """
    env.load_file(path)
    missing = {name: secrets.token_urlsafe(BYTES) for name in NAMES if not env.is_set(name)}
    if missing:
        append_private(path, missing)
        env.publish(missing)


def append_private(path: Path, values: dict[str, str]) -> None:
    """Add `NAME=value` lines to a file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
