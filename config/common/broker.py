"""Tells workers that there is something to do. A lost call costs seconds: a sweep follows."""

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

# A broker that is away costs a request up to two seconds; this process asks it again after these.
PAUSE_SECONDS = 30.0

log = structlog.get_logger(__name__)


class _Pause:
    """Until when the broker is left alone, by this process's monotonic clock."""

    until = 0.0


def ask_worker(task: str, *arguments: int, queue: str) -> None:
    """Have a worker run a task, by its name and with ids. Never raises: the rows in the database
    say what is to do, and a sweep finds them. Call it after the commit.
    """
    if time.monotonic() < _Pause.until:
        return
    try:
        current_app.send_task(task, args=arguments, queue=queue)
    except OperationalError:
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        log.warning("broker_away", task=task)
