"""Celery entry points of change requests. The schedule names their queue."""

from celery import shared_task

from changerequests.services.follow_up import change_requests_expire, change_requests_remind
from changerequests.services.notices import reviewers_notify


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def reviewers_notify_task() -> None:
    """Tell reviewers of new requests. Running it twice is harmless."""
    reviewers_notify()


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def change_requests_follow_up_task() -> None:
    """End and remind of what waits too long. Running it twice is harmless."""
    change_requests_expire()
    change_requests_remind()
