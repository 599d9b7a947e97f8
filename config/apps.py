"""The composition root as a Django app."""

from django.apps import AppConfig

# Every Django process must know the Celery application, or a task sent from it has no broker.
from config.celery import app as celery_app

__all__ = ["PlatformConfig", "celery_app"]


class PlatformConfig(AppConfig):
    """Carries the Celery application and the project's own commands."""

    name = "config"
    label = "platform"
