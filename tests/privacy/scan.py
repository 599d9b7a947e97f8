"""Looking for texts in everything that the product keeps: tables, files, the broker, messages."""

from collections.abc import Iterable, Iterator

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection

from config.common.models import OutboxMessage
from config.common.outbox.sealing import unseal

_TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


def hits(markers: Iterable[str]) -> set[tuple[str, str]]:
    """Every place where a marker is found, as (place, marker). Case does not matter."""
    wanted = [marker.lower() for marker in markers]
    return {
        (place, marker) for place, text in _places(wanted) for marker in wanted if marker in text
    }


def _places(markers: list[str]) -> Iterator[tuple[str, str]]:
    yield from _rows(markers)
    yield from _files()
    yield from _broker()
    for message in OutboxMessage.objects.filter(sealed__isnull=False):
        yield "unsealed messages", str(unseal(bytes(message.sealed or b""))).lower()
    for session in Session.objects.all():
        yield "decoded sessions", str(session.get_decoded()).lower()


def _rows(markers: list[str]) -> Iterator[tuple[str, str]]:
    """All columns as text; binary ones show as hexadecimal digits, in either case of letters."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT lower(entry::text) FROM "{table}" entry')  # noqa: S608
            for (text,) in cursor.fetchall():
                yield table, text
                for marker in markers:
                    if any(form.encode().hex() in text for form in _forms(marker)):
                        yield table, marker


def _forms(marker: str) -> tuple[str, ...]:
    return marker, marker.upper(), marker.capitalize()


def files(directory: str) -> list[str]:
    """The paths of all files of the default storage."""
    directories, names = default_storage.listdir(directory)
    prefix = f"{directory}/" if directory else ""
    below = [path for name in directories for path in files(prefix + name)]
    return [*(prefix + name for name in names), *below]


def _files() -> Iterator[tuple[str, str]]:
    for path in files(""):
        with default_storage.open(path) as file:
            yield "files", path.lower() + file.read().decode("latin-1").lower()


def _broker() -> Iterator[tuple[str, str]]:
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket", "unix"))
    try:
        for key in client.scan_iter():
            dumped = client.dump(key) or b""
            yield "broker", (key + dumped).decode("latin-1").lower()
    finally:
        client.close()
