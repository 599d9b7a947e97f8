"""The Celery application; workers and beat start with `celery --app config.celery`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("client-services")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
