"""The search for texts after an erasure finds one wherever it is planted (AN-05): a search that
never finds anything would prove nothing.
"""

import base64
import gzip
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from kombu import Connection, Producer, Queue

from config.celery import app as celery
from config.common.privacy import PERSONAL_DATA
from contacts.services import erasure
from tests.factories.fixtures import World
from tests.privacy.scan import broker, files, hits
from tests.privacy.test_canaries import WORDS, plant

# Of this process alone: the broker serves the tests beside this one, too.
LEAK = f"leak-{os.getpid()}"
WORD = f"Plover{os.getpid()}quince"
# Repeats parts of the word, so that whatever compresses takes it apart.
AMONG = f"Plover {WORD[:-3] * 5} {WORD} quince"


def found() -> set[str]:
    """The places where the word is found."""
    return {place for place, _ in hits([WORD])}


# --- Tables --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("text", AMONG, id="text"),
        pytest.param("text", WORD.upper(), id="capitals"),
        pytest.param("varchar(64)", WORD, id="varchar"),
        pytest.param("json", json.dumps({WORD: 1}), id="json"),
        pytest.param("jsonb", json.dumps({"a": [{"b": AMONG}]}), id="jsonb"),
        pytest.param("text[]", ["x", WORD], id="array"),
        pytest.param("tsvector", WORD, id="search vector"),
        pytest.param("bytea", AMONG.encode(), id="bytes"),
        pytest.param("bytea", WORD.upper().encode(), id="bytes of capitals"),
        *(
            pytest.param("text", base64.b64encode(before + WORD.encode()).decode(), id=name)
            for before, name in ((b"", "base64"), (b"x", "base64 by one"), (b"xy", "base64 by two"))
        ),
    ],
)
def test_an05_a_word_in_a_column_of_any_kind_is_found(db: None, kind: str, value: Any) -> None:
    assert found() == set()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE leak (held {kind})")
        cursor.execute(f"INSERT INTO leak VALUES (%s::{kind})", [value])  # noqa: S608

    assert found() == {"leak"}


def test_an05_a_word_beside_the_tables_is_found(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA beside")
        cursor.execute(f"CREATE TABLE beside.leak AS SELECT '{WORD}'::text AS held")
        cursor.execute("CREATE MATERIALIZED VIEW kept AS SELECT held FROM beside.leak")
        cursor.execute("SELECT lo_from_bytea(0, %s)", [WORD.encode()])

    assert found() == {"beside.leak", "kept", "large objects"}


# --- Files, caches, sessions ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [AMONG.encode(), AMONG.encode("utf-16"), gzip.compress(AMONG.encode())],
    ids=["plain", "16 bits", "compressed"],
)
def test_an05_a_word_in_a_file_is_found(db: None, media: Path, content: bytes) -> None:
    default_storage.save("imports/2026/a.bin", ContentFile(content))

    assert found() == {"files"}


def test_an05_a_word_in_the_name_of_a_file_is_found(db: None, media: Path) -> None:
    default_storage.save(f"imports/{WORD}.json", ContentFile(b""))

    assert found() == {"files"}


def test_an05_a_word_in_a_cache_is_found(db: None) -> None:
    cache.set("leak", {"name": AMONG})
    try:
        assert found() == {"caches"}
    finally:
        cache.delete("leak")


def test_an05_a_word_in_a_session_is_found(db: None) -> None:
    session = SessionStore()
    session["leak"] = WORD
    session.save()

    assert "decoded sessions" in found()


# --- The broker ----------------------------------------------------------------------------------
@contextmanager
def key(write: Callable[[Any, str], object]) -> Iterator[None]:
    client, name = broker(), LEAK
    try:
        write(client, name)
        yield
    finally:
        client.delete(name)
        client.close()


@pytest.mark.parametrize(
    "write",
    [
        lambda client, name: client.set(name, AMONG),
        lambda client, name: client.rpush(name, "x", AMONG),
        lambda client, name: client.hset(name, AMONG, "x"),
        lambda client, name: client.hset(name, "x", AMONG),
        lambda client, name: client.sadd(name, AMONG),
        lambda client, name: client.zadd(name, {AMONG: 1}),
        lambda client, name: client.xadd(name, {"x": AMONG}),
        lambda client, name: client.set(name, base64.b64encode(AMONG.encode())),
    ],
    ids=["string", "list", "field", "hash", "set", "sorted set", "stream", "base64"],
)
def test_an05_a_word_in_a_key_of_any_kind_is_found(
    db: None, write: Callable[[Any, str], object]
) -> None:
    with key(write):
        assert found() == {"broker"}
    assert found() == set()


def test_an05_a_word_among_the_arguments_of_a_task_is_found(db: None) -> None:
    def publish(client: Any, name: str) -> None:
        with Connection(celery.conf.broker_url) as link:
            body = ([7, AMONG], {}, {})
            Producer(link).publish(body, serializer="json", routing_key=name, declare=[Queue(name)])
        assert client.llen(name) == 1

    with key(publish):
        assert found() == {"broker"}


# --- A store that forgets ------------------------------------------------------------------------
@pytest.mark.parametrize("name", [store.name for store in PERSONAL_DATA])
def test_an05_a_store_that_erases_nothing_is_found_out(
    world: World,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
    name: str,
) -> None:
    contact = plant(world)
    forgetful = [
        replace(store, erase=lambda erasure: None) if store.name == name else store
        for store in PERSONAL_DATA
    ]
    monkeypatch.setattr(erasure, "PERSONAL_DATA", forgetful)

    with django_capture_on_commit_callbacks(execute=True):
        answer = world.api().post("/v1.0/contacts/anonymize", {"contactIds": [contact.pk]})

    assert answer.status_code == 204
    if name == "picture":  # it has no words: the file itself is what is left
        assert len(files("")) == 1
    else:
        assert hits(WORDS.values()) != set()
