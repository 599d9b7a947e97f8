"""Celery entry points of contacts. The schedule names their queue."""

from celery import shared_task

from contacts.services.anonymisation import anonymisation_continue, anonymisations_wake
from contacts.services.pictures import pictures_sweep
from contacts.services.verification import keys_purge


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def anonymisation_task(anonymisation_id: int) -> None:
    """Go on with a large anonymisation. Running it twice is harmless."""
    anonymisation_continue(anonymisation_id=anonymisation_id)


@shared_task(acks_late=True, soft_time_limit=50, time_limit=60)
def anonymisation_sweep_task() -> None:
    """Wake the jobs that a crash stopped (N4). Running it twice is harmless."""
    anonymisations_wake()


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def channel_keys_purge_task() -> None:
    """Forget keys whose time is over. Running it twice is harmless."""
    keys_purge()


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def pictures_sweep_task() -> None:
    """Remove files of pictures that no contact has. Running it twice is harmless."""
    pictures_sweep()
