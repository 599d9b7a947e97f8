"""Looking for texts in everything that the product keeps: tables, files, the broker, caches,
messages. `test_scan.py` plants a text in each of them to see that it is found.
"""

import base64
import gzip
from collections.abc import Iterable, Iterator
from typing import Any

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection

from config.common.models import OutboxMessage
from config.common.outbox.sealing import unseal

_TABLES = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace
WHERE relkind IN ('r', 'm', 'p') AND nspname !~ '^(pg_|information_schema)'
"""
_LARGE_OBJECTS = "SELECT data FROM pg_largeobject"
_GZIP = b"\x1f\x8b"


def hits(markers: Iterable[str]) -> set[tuple[str, str]]:
    """Every place where a marker is found, as (place, marker). Case does not matter, and it may
    stand there as text of 8 or 16 bits, in hexadecimal digits or in base64.
    """
    forms = {marker.lower(): _forms(marker.lower()) for marker in markers}
    return {
        (place, marker)
        for place, text in _places()
        for marker, looks in forms.items()
        if any(look in text for look in looks)
    }


def _forms(marker: str) -> set[str]:
    """How a marker can look, in small letters, as everything is that is searched."""
    forms = {marker}
    for written in (marker, marker.upper(), marker.capitalize()):
        raw = written.encode()
        forms.add(raw.hex())
        # Base64 goes by three bytes: without the letters at the ends, which hold neighbours too.
        for shift in range(3):
            text = base64.b64encode(bytes(shift) + raw + bytes(2)).decode()
            forms.add(text[4 : (shift + len(raw)) // 3 * 4].lower())
    return forms


def _places() -> Iterator[tuple[str, str]]:
    yield from _rows()
    yield from _files()
    yield from _broker()
    for name in caches:
        yield "caches", _text(str(vars(caches[name])).encode())
    for message in OutboxMessage.objects.filter(sealed__isnull=False):
        yield "unsealed messages", str(unseal(bytes(message.sealed or b""))).lower()
    for session in Session.objects.all():
        yield "decoded sessions", str(session.get_decoded()).lower()


def _rows() -> Iterator[tuple[str, str]]:
    """All columns as text; binary ones show as hexadecimal digits."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT lower(entry::text) FROM {table} entry")  # noqa: S608
            for (text,) in cursor.fetchall():
                yield table.removeprefix("public."), text
        cursor.execute(_LARGE_OBJECTS)
        for (data,) in cursor.fetchall():
            yield "large objects", _text(bytes(data))


def files(directory: str) -> list[str]:
    """The paths of all files of the default storage."""
    directories, names = default_storage.listdir(directory)
    prefix = f"{directory}/" if directory else ""
    below = [path for name in directories for path in files(prefix + name)]
    return [*(prefix + name for name in names), *below]


def _files() -> Iterator[tuple[str, str]]:
    for path in files(""):
        with default_storage.open(path) as file:
            content = file.read()
        unpacked = gzip.decompress(content) if content.startswith(_GZIP) else b""
        yield "files", path.lower() + _text(content) + _text(unpacked)


def _broker() -> Iterator[tuple[str, str]]:
    client = broker()
    try:
        for key in client.scan_iter():
            yield "broker", _text(key + repr(_value(client, key)).encode())
    finally:
        client.close()


def broker() -> redis.Redis:
    """A connection to the broker."""
    return redis.Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket", "unix"))


def _value(client: redis.Redis, key: bytes) -> Any:  # Any: by the kind of key
    """What a key holds, in full: a dump of it would be compressed."""
    read = {
        b"string": client.get,
        b"list": lambda name: client.lrange(name, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda name: client.zrange(name, 0, -1),
        b"stream": client.xrange,
        b"none": lambda _name: None,  # it has gone meanwhile
    }
    return read[client.type(key)](key)


def _text(content: bytes) -> str:
    """Bytes as small letters; those of 16 bits too."""
    text = content.decode("latin-1").lower()
    return text + text.replace("\x00", "")
