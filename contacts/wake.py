"""Tells a worker that there is something to do. A lost call costs a minute: a sweep follows."""

from config.common.broker import ask_worker

ANONYMISE_TASK = "contacts.tasks.anonymisation_task"


def wake_anonymisation(anonymisation_id: int) -> None:
    """Ask for a worker for a job. Never raises: the job is a row, and the sweep finds it."""
    ask_worker(ANONYMISE_TASK, anonymisation_id, queue="default")
