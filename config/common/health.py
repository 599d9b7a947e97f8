"""Health for load balancers and people: is the process alive, can it serve."""

from functools import cache
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse

from config.common.exceptions import MethodNotAllowed, ServiceUnavailable

BROKER_TIMEOUT_SECONDS = 0.5
RETRY_AFTER_SECONDS = "5"
READING_METHODS = ("GET", "HEAD")


def live(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process can answer at all; asks nothing of the database."""
    allow_reading_only(request)
    return JsonResponse({"status": "alive"})


def ready(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served: the database is there and every migration is applied.

    The broker is reported, but never decides: no answer of the system depends on it. Raises
    ServiceUnavailable, with what was found among the properties.
    """
    allow_reading_only(request)
    checks = {**_database_checks(), "broker": "up" if broker_answers() else "down"}
    if (checks["database"], checks["migrations"]) == ("up", "applied"):
        return JsonResponse({"status": "ready", "checks": checks})
    raise ServiceUnavailable(
        "The service is not ready.",
        properties={"checks": checks},
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )


def allow_reading_only(request: HttpRequest) -> None:
    """Raise MethodNotAllowed unless the request only reads."""
    if request.method not in READING_METHODS:
        raise MethodNotAllowed(headers={"Allow": ", ".join(READING_METHODS)})


def broker_answers() -> bool:
    """Say whether the broker answers a ping in time."""
    try:
        with _broker_connection() as broker:
            return bool(broker.ping())
    except (redis.RedisError, OSError, ValueError):
        return False


def _database_checks() -> dict[str, str]:
    """One small query answers both questions."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
            applied: set[tuple[str, str]] = set()
            if cursor.fetchone() == (True,):
                cursor.execute("SELECT app, name FROM django_migrations")
                applied = set(cursor.fetchall())
    except DatabaseError:
        return {"database": "down", "migrations": "unknown"}
    pending = _migrations_on_disk() - applied
    return {"database": "up", "migrations": "pending" if pending else "applied"}


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    """They cannot change while the process lives."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def _broker_connection() -> redis.Redis:
    """A connection of its own: Celery's would retry and wait for longer than a probe may."""
    address: str = settings.CELERY_BROKER_URL
    if address.startswith("redis+socket://"):
        address = f"unix://{urlsplit(address).path}"
    return redis.Redis.from_url(
        address,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
    )
