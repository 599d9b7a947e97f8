"""Celery entry points of the kernel: messages go out, what is past its time is removed.

The schedule names their queue.
"""

from celery import shared_task
from oauth2_provider.models import clear_expired

from config.common.idempotency import purge_expired
from config.common.outbox.delivery import BATCH, outbox_deliver
from config.common.outbox.services import outbox_purge
from config.common.outbox.wake import wake_deliverer
from config.common.sign_in import purge_attempts


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def idempotency_purge_task() -> None:
    """Remove answers that are no longer replayed. Running it twice is harmless."""
    purge_expired()


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def tokens_purge_task() -> None:
    """Remove expired tokens and grants. Running it twice is harmless."""
    clear_expired()


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def sign_in_attempts_purge_task() -> None:
    """Remove failed sign-ins that no longer count. Running it twice is harmless."""
    purge_attempts()


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def outbox_deliver_task() -> None:
    """Send the messages that are due; after a full batch there may be more. Running it twice is
    harmless.
    """
    if outbox_deliver() == BATCH:
        wake_deliverer()


@shared_task(acks_late=True, soft_time_limit=240, time_limit=300)
def outbox_purge_task() -> None:
    """Empty and remove messages that have had their time. Running it twice is harmless."""
    outbox_purge()
