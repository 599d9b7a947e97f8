"""Tells a worker that there is something to send. A lost call costs seconds: a sweep follows."""

from config.common.broker import ask_worker

TASK = "config.common.tasks.outbox_deliver_task"
QUEUE = "messages"


def wake_deliverer() -> None:
    """Ask for a delivery. Never raises: what is due stays in the outbox, and a sweep finds it."""
    ask_worker(TASK, queue=QUEUE)
