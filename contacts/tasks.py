"""Celery entry points of contacts. The schedule names their queue."""

from celery import shared_task

from contacts.services.verification import keys_purge


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def channel_keys_purge_task() -> None:
    """Forget keys whose time is over. Running it twice is harmless."""
    keys_purge()
