"""Tells a worker that there is something to do. A lost call costs a minute: a sweep follows."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

ANONYMISE_TASK = "contacts.tasks.anonymisation_task"

log = structlog.get_logger(__name__)


def wake_anonymisation(anonymisation_id: int) -> None:
    """Ask for a worker for a job. Never raises: the job is a row, and the sweep finds it."""
    try:
        current_app.send_task(ANONYMISE_TASK, args=[anonymisation_id], queue="default")
    except OperationalError:
        log.warning("broker_away", task=ANONYMISE_TASK)
