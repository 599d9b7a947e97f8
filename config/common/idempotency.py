"""Retries that are safe (rule D10): the first answer to a write is kept with the write."""

from collections.abc import Callable, Sequence

from django.http import HttpResponse


def read_key(header: str | None) -> str | None:
    """The `Idempotency-Key` of a request; BadRequest unless it is 1 to 255 visible ASCII."""
    raise NotImplementedError


def fingerprint_of(method: str, path: str, body: bytes) -> bytes:
    """What tells two requests with the same key apart; `path` includes the query."""
    raise NotImplementedError


def run_once(
    *,
    caller: str,
    keys: Sequence[str],
    fingerprint: bytes,
    action: Callable[[], HttpResponse],
) -> HttpResponse:
    """Run `action` at most once per caller and key."""
    raise NotImplementedError
