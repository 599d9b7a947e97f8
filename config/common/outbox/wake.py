"""Tells a worker that there is something to send. A lost call costs seconds: a sweep follows."""

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

TASK = "config.common.tasks.outbox_deliver_task"
QUEUE = "messages"
# A broker that is away costs a request up to two seconds; this process asks it again after these.
PAUSE_SECONDS = 30.0

log = structlog.get_logger(__name__)


class _Pause:
    """Until when the broker is left alone, by this process's monotonic clock."""

    until = 0.0


def wake_deliverer() -> None:
    """Ask for a delivery. Never raises: what is due stays in the outbox, and a sweep finds it."""
    if time.monotonic() < _Pause.until:
        return
    try:
        current_app.send_task(TASK, queue=QUEUE)
    except OperationalError:
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        log.warning("broker_away", task=TASK)
