"""Retries that are safe (rule D10): the first answer to a write is kept in the write's transaction.

Three things keep two requests with one key apart: an advisory lock while the first is at work, the
stored row afterwards, and the row's uniqueness in the gap between the two.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.conf import settings
from django.db import IntegrityError, connection
from django.http import HttpResponse

from config.common import idempotency_sql as sql
from config.common.db import Rider, joinable_atomic
from config.common.exceptions import BadRequest, Conflict, DomainError

REPLAYED_HEADER = "Idempotency-Replayed"
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "X-Change-Request-Id")
PURGE_BATCH = 10_000
Ride = Callable[[HttpResponse], Rider]
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


class RequestInProgress(Conflict):
    """Another request with the key is at work."""

    sub_code = "RequestInProgress"
    default_message = "A request with this idempotency key is still being processed."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class IdempotencyKeyReused(Conflict):
    """The key has been used for another request."""

    sub_code = "IdempotencyKeyReused"
    default_message = "The idempotency key has been used for a different request."


def parse_key(header: str | None) -> str | None:
    """The key in an `Idempotency-Key` header, None without one.

    Raises BadRequest unless it is 1 to 255 visible ASCII characters.
    """
    if header is None:
        return None
    if not _KEY.fullmatch(header):
        raise BadRequest("Idempotency-Key must be 1 to 255 visible ASCII characters.")
    return header


def fingerprint_of(method: str, path: str, body: bytes) -> bytes:
    """What tells two requests with one key apart; `path` includes the query.

    For uploads pass the digests of the files as `body`.
    """
    # A newline can be in neither method nor path, so the three parts cannot run into each other.
    return hashlib.sha256(f"{method}\n{path}\n".encode() + body).digest()


def run_once(
    *,
    caller: str,
    keys: Sequence[str],
    fingerprint: bytes,
    action: Callable[[], HttpResponse],
    at_once: Callable[[Ride], HttpResponse | None] | None = None,
    check_replay: Callable[[HttpResponse], None] | None = None,
) -> HttpResponse:
    """The answer of `action`, which takes effect at most once per caller and key in 24 hours.

    Without keys this is `action()`. With keys it runs in a transaction, which services join
    (`config.common.db.atomic`), and a 2xx answer is stored with its writes; other answers and
    exceptions leave no trace. A stored answer to the same request is given again, marked
    `Idempotency-Replayed: true`; the caller's permission and reach must have been checked, or
    `check_replay` does so by the answer and raises.
    `at_once` is tried first, without a transaction: it may do what `action` does in one statement
    that carries what it is given along, and gives None when it wrote nothing.
    Takes advisory transaction locks without waiting. Raises IdempotencyKeyReused and
    RequestInProgress.
    """
    if not keys:
        return action()
    run = _Run(caller, keys, fingerprint)
    try:
        response = at_once(run.ride) if at_once else None
        if response is None:
            response = run.answer(action)
    except (DomainError, IntegrityError):
        # The first request may have been committed between our look at the rows and our lock, and
        # this is then what its writes have made of ours, which are rolled back.
        stored = run.find()
        if stored is None:
            raise
        response = stored
    if check_replay is not None and REPLAYED_HEADER in response:
        check_replay(response)
    return response


class _Run:
    """One request with its keys."""

    def __init__(self, caller: str, keys: Sequence[str], fingerprint: bytes) -> None:
        self.caller, self.fingerprint = caller, fingerprint
        hashes = [hashlib.sha256(key.encode()).digest() for key in keys]
        self.asked = [value for each in hashes for value in (each, self._lock_of(each))]
        self.sql = sql.statements(len(keys))

    def answer(self, action: Callable[[], HttpResponse]) -> HttpResponse:
        with joinable_atomic():
            rows = self._look(self.sql.lock_and_look)
            if not all(is_locked for is_locked, *_ in rows):
                raise RequestInProgress
            stored = self._stored_answer(rows)
            if stored is not None:
                return stored
            response = action()
            if 200 <= response.status_code < 300:
                self._store(response)
            return response

    def ride(self, response: HttpResponse) -> Rider:
        """What keeps a 2xx answer with the write that it is carried along with: only if nobody is
        at work with the keys or has been. Should somebody have been just now, the uniqueness of
        the row ends the whole statement.
        """
        keys = [self.caller, *self.asked]
        return Rider(self.sql.new_keys, keys, self.sql.keep_riding, self._kept(response))

    def find(self) -> HttpResponse | None:
        """The stored answer, whoever holds the locks."""
        return self._stored_answer(self._look(self.sql.look))

    def _look(self, statement: str) -> list[tuple[Any, ...]]:  # Any: as many types as columns
        """With the locks or without. It sees the rows as they were before it got the locks."""
        with connection.cursor() as cursor:
            cursor.execute(statement, [*self.asked, self.caller])
            rows: list[tuple[Any, ...]] = cursor.fetchall()  # Any: as above
        return rows

    def _stored_answer(self, rows: list[tuple[Any, ...]]) -> HttpResponse | None:  # Any: as above
        found = [row for row in rows if row[1] is not None]
        if any(fingerprint != self.fingerprint for _, fingerprint, *_ in found):
            raise IdempotencyKeyReused
        return _replayed(*found[0][2:]) if found else None

    def _lock_of(self, key_hash: bytes) -> int:
        digest = hashlib.sha256(self.caller.encode() + key_hash).digest()
        return int.from_bytes(digest[:8], "big", signed=True)

    def _store(self, response: HttpResponse) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.sql.keep, self._kept(response))
            if cursor.rowcount != len(self.asked) // 2:
                raise RequestInProgress

    def _kept(self, response: HttpResponse) -> list[Any]:  # Any: as many types as columns
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        return [
            self.caller,
            self.fingerprint,
            response.status_code,
            response.content,
            orjson.dumps(headers).decode(),
            settings.IDEMPOTENCY_KEY_HOURS,
            *self.asked,
        ]


def _replayed(status: int, body: bytes, headers: str) -> HttpResponse:
    response = HttpResponse(bytes(body), status=status)
    del response.headers["Content-Type"]  # Django's guess; the stored answer may have none
    for name, value in {**orjson.loads(headers), REPLAYED_HEADER: "true"}.items():
        response.headers[name] = value
    return response


def answers_erase(locations: Sequence[str]) -> None:
    """Empty the stored answers that created what is at these addresses (N2). The rows stay until
    they expire, so that a retry is still told apart; its view refuses it.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.ERASE, [list(locations)])


def answers_kept(location: str) -> list[dict[str, Any]]:  # Any: JSON values
    """The stored answers that created what is at an address, and how long they are kept."""
    with connection.cursor() as cursor:
        cursor.execute(sql.KEPT, [location])
        return [
            {"createdAt": created_at, "expiresAt": expires_at, "answer": orjson.loads(body)}
            for created_at, expires_at, body in cursor.fetchall()
        ]


def purge_expired() -> int:
    """Remove what is no longer replayed, in batches that each commit; returns the count."""
    removed = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql.PURGE, [PURGE_BATCH])
            batch: int = cursor.rowcount
        removed += batch
        if batch < PURGE_BATCH:
            return removed
