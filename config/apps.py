"""The composition root as a Django app."""

from django.apps import AppConfig

# Every Django process must know the Celery application, or a task sent from it has no broker, and
# its signals, or the correlation id is lost.
from config.celery import app as celery_app
from config.common import task_signals

__all__ = ["PlatformConfig", "celery_app", "task_signals"]


class PlatformConfig(AppConfig):
    """Carries the Celery application and its signals."""

    name = "config"
    label = "platform"
