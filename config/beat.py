"""Celery's clock. It knows the schedule and the broker only: without Django it needs half the
memory, and it never touches the database.
"""

from celery import Celery

app = Celery("client-services-beat")
app.config_from_object("config.settings.jobs", namespace="CELERY")
