"""Log set-up: structlog to standard output, JSON in production, readable lines in development.

Log lines hold ids and names of fields, never client data. Exceptions are the leak that nobody
writes on purpose (a database error quotes the row), so their texts are left out unless a setting
lets them through; the type and the place of every frame stay.
"""

import logging.config
import sys
import traceback
from typing import TypedDict

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Loggers of packages that write names of people, or tell what our own lines tell already.
QUIET_LOGGERS = {
    "PIL": "INFO",  # below, it quotes metadata
    "axes": "ERROR",
    "celery.app.trace": "CRITICAL",
    "django.request": "CRITICAL",
    "django.server": "WARNING",
    "oauth2_provider": "ERROR",
    "oauthlib": "ERROR",
    "pyvips": "ERROR",
}

# One list for good: loggers keep the one that was there when they were first used.
_processors: list[Processor] = []


class LogSettings(TypedDict):
    """What the setting `LOGGING` holds here."""

    renderer: str  # "json" or "console"
    level: str
    exception_text: bool


def configure(settings: LogSettings) -> None:
    """Direct structlog and the standard library's loggers to standard output.

    Django calls this at start-up (setting `LOGGING_CONFIG`), so every process of ours has it.
    """
    shared = _shared_processors(exception_text=settings["exception_text"])
    _processors[:] = [*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.configure(
        processors=_processors,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_standard_library(settings, shared))


def without_exception_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the places of its frames, the text left out."""
    error = _exception_of(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = describe_exception(error)
    return event


def describe_exception(error: BaseException) -> str:
    """Return an exception and its causes as `Type at file:line function < caller …`, no texts."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = reversed(traceback.extract_tb(current.__traceback__))
        places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        parts.append(f"{type(current).__module__}.{type(current).__qualname__} at {places}")
        current = current.__cause__ or current.__context__
    return "\n".join(parts)


def _exception_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return _exception_of(exc_info[1])
    return sys.exc_info()[1] if exc_info else None


def _shared_processors(*, exception_text: bool) -> list[Processor]:
    """What happens to a line before it is rendered, ours or another package's."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if exception_text else without_exception_text,
    ]


def _standard_library(settings: LogSettings, shared: list[Processor]) -> dict[str, object]:
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if settings["renderer"] == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stdout"], "level": settings["level"]},
        "loggers": {name: {"level": level} for name, level in QUIET_LOGGERS.items()},
    }
