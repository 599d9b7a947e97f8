"""Celery entry points of schemas."""

from celery import shared_task

from crmschema.services import (
    schema_check_run,
    schema_checks_sweep,
    schema_rebuild_run,
    schema_rebuilds_sweep,
)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def schema_check_task(check_id: int) -> None:
    """Check stored documents; goes on where an earlier run stopped. Running it twice is harmless.

    Its caller names the queue.
    """
    schema_check_run(check_id=check_id)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def schema_rebuild_task(rebuild_id: int) -> None:
    """Have names and filters follow a saved schema; goes on where an earlier run stopped. Running
    it twice is harmless. Its caller names the queue.
    """
    schema_rebuild_run(rebuild_id=rebuild_id)


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def schema_checks_sweep_task() -> None:
    """Ask again for checks and rebuilds that nobody is at. Running it twice is harmless."""
    schema_checks_sweep()
    schema_rebuilds_sweep()
