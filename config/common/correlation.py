"""The correlation id: 32 hex digits that tie an answer, its log lines and its tasks (F1)."""

import re
import uuid
from contextvars import ContextVar

import structlog

HEADER = "X-Correlation-ID"
_FORM = re.compile(r"[0-9a-f]{32}", re.ASCII)
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def new_correlation_id() -> str:
    """A fresh id."""
    return uuid.uuid4().hex


def accepted_or_new(incoming: str | None) -> str:
    """`incoming` when it has exactly the form of an id, else a fresh one."""
    if incoming is not None and _FORM.fullmatch(incoming):
        return incoming
    return new_correlation_id()


def correlation_id() -> str:
    """The id of the request or task at hand; a fresh one, kept from then on, outside of both."""
    current = _current.get()
    if not current:
        current = new_correlation_id()
        bind_correlation_id(current)
    return current


def bind_correlation_id(value: str) -> None:
    """Make `value` the current id, in structlog's context too."""
    _current.set(value)
    structlog.contextvars.bind_contextvars(correlation_id=value)


def clear_correlation_id() -> None:
    """Forget the id and everything else that was bound to the log context."""
    _current.set("")
    structlog.contextvars.clear_contextvars()
