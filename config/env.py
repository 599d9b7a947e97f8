"""The only reader of the environment: typed, and it fails at start-up with the name in question."""

import json
import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})

DATABASE_SCHEMES = frozenset({"postgresql", "postgres"})
MAIL_SCHEMES = frozenset({"smtp", "smtps"})
BROKER_SCHEMES = frozenset({"redis", "rediss", "redis+socket", "unix"})

# What a database address may say beyond host and name; anything else is a misspelling.
DATABASE_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "target_session_attrs"}
)
CONNECT_TIMEOUT_SECONDS = 5


def text(name: str, default: str | None = None) -> str:
    """Return the variable, else the default. Raises ImproperlyConfigured when there is neither.

    An empty variable counts as missing, since that is what an unset line of a deployment file is.
    """
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is required.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a switch (1/0, true/false, yes/no, on/off). Raises ImproperlyConfigured on others."""
    word = text(name, "true" if default else "false").lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"The environment variable {name} must be true or false.")


def number(name: str, default: int) -> int:
    """Return a whole number. Raises ImproperlyConfigured on anything else."""
    try:
        return int(text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(
            f"The environment variable {name} must be a whole number."
        ) from None


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return the parts of a comma-separated list, blanks dropped."""
    return [part.strip() for part in text(name, ",".join(default)).split(",") if part.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return the addresses and networks (CIDR) of a comma-separated list; none when it is not set.

    Raises ImproperlyConfigured on anything else.
    """
    try:
        return [ip_network(part) for part in names(name)]
    except ValueError:
        raise ImproperlyConfigured(
            f"The environment variable {name} must list addresses or networks."
        ) from None


def is_set(name: str) -> bool:
    """Say whether the variable has a value."""
    return bool(os.environ.get(name, "").strip())


def snapshot() -> dict[str, str]:
    """Return a copy of the environment, to start another process with."""
    return dict(os.environ)


def publish(values: Mapping[str, str]) -> None:
    """Set variables for this process and those that it starts."""
    os.environ.update(values)


def load_file(path: Path) -> None:
    """Read `NAME=value` lines into the environment; what is set already wins, no file is fine."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def database(name: str = "DATABASE_URL") -> dict[str, Any]:  # Any: Django's own settings shape
    """Return Django's settings of the PostgreSQL database that the variable names.

    Takes `postgresql://user:password@host:port/name?option=value`; a `host` among the options is
    the directory of a unix socket. Raises ImproperlyConfigured without repeating the address,
    because it holds a password.
    """
    try:
        parts = urlsplit(text(name))
        host, port = parts.hostname or "", parts.port or ""
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not a database address.") from None
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", host)
    unknown = sorted(options.keys() - DATABASE_OPTIONS)
    if parts.scheme not in DATABASE_SCHEMES or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must be like postgresql://user:password@host/name.")
    if unknown:
        raise ImproperlyConfigured(f"{name} has unknown options: {', '.join(unknown)}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port),
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT_SECONDS, **options},
    }


def broker(name: str = "REDIS_URL") -> str:
    """Return the address of Redis or Valkey in Celery's form; a unix socket may come as `unix://`.

    Raises ImproperlyConfigured without repeating the address, because it may hold a password.
    """
    address = text(name)
    scheme, separator, rest = address.partition("://")
    if not separator or scheme not in BROKER_SCHEMES:
        raise ImproperlyConfigured(f"{name} must be like redis://host:6379/0 or unix:///path.")
    return f"redis+socket://{rest}" if scheme == "unix" else address


def email(name: str = "EMAIL_URL") -> dict[str, Any]:  # Any: Django's own settings shape
    """Return Django's settings of the mail server that the variable names; none when it is not set.

    Takes `smtps://user:password@host:port`, or `smtp://…` which asks for STARTTLS unless it says
    `?starttls=false`. Raises ImproperlyConfigured without repeating the address.
    """
    if not is_set(name):
        return {}
    try:
        parts = urlsplit(text(name))
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not the address of a mail server.") from None
    options = dict(parse_qsl(parts.query))
    starttls = options.pop("starttls", "true")
    if parts.scheme not in MAIL_SCHEMES or not host or options or starttls not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} must be like smtps://user:password@host:465.")
    is_encrypted = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or (465 if is_encrypted else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_encrypted,
        "EMAIL_USE_TLS": not is_encrypted and starttls == "true",
    }


def text_object(name: str) -> dict[str, str]:
    """Return a JSON object of texts; empty when the variable is not set.

    Raises ImproperlyConfigured without repeating it, because it may hold a secret.
    """
    try:
        value = json.loads(text(name, "{}"))
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ImproperlyConfigured(f"{name} must be a JSON object of texts.")
    return value
