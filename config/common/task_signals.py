"""Celery's signals: the correlation id travels with a task, and its end is logged and counted.

Celery's own lines quote arguments, results and exception texts; they are off (see `logging`).
"""

import time
from typing import Any

import structlog
from celery import signals
from django.conf import settings

from config.common import logging, metrics
from config.common.correlation import (
    accepted_or_new,
    bind_correlation_id,
    clear_correlation_id,
    correlation_id,
)

HEADER = "origin_correlation_id"
STARTED_AT = "started_at_seconds"

logger = structlog.get_logger(__name__)


@signals.setup_logging.connect
def configure_logging(**_kwargs: Any) -> None:  # Any: what Celery sends along
    """Keep Celery from setting up logs itself; ours are the same as in the web processes."""
    log_settings: logging.LogSettings = settings.LOGGING
    logging.configure(log_settings)


@signals.before_task_publish.connect
def add_correlation_id(*, headers: dict[str, Any], **_kwargs: Any) -> None:  # Any: Celery's
    """Send the id of the request that causes the task along with it."""
    headers.setdefault(HEADER, correlation_id())


@signals.task_prerun.connect
def bind_task(*, task_id: str, task: Any, **_kwargs: Any) -> None:  # Any: Celery's task proxy
    """Take over the id that came with the task, for its log lines and whatever it causes."""
    if task.request.is_eager:
        return
    clear_correlation_id()
    bind_correlation_id(accepted_or_new(getattr(task.request, HEADER, None)))
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    setattr(task.request, STARTED_AT, time.perf_counter())


@signals.task_postrun.connect
def report_task(*, task: Any, state: str | None = None, **_kwargs: Any) -> None:  # Any: as above
    """Log and count the end of a run, and forget its id."""
    if task.request.is_eager:
        return
    started_at = getattr(task.request, STARTED_AT, time.perf_counter())
    seconds = time.perf_counter() - started_at
    metrics.observe_task(task.name, state or "UNKNOWN", seconds)
    logger.info("task_finished", state=state, seconds=round(seconds, 3))
    clear_correlation_id()


@signals.task_failure.connect
def report_failure(*, exception: BaseException, **_kwargs: Any) -> None:  # Any: as above
    """Log the exception that ended a run."""
    logger.error("task_failed", exc_info=exception)
