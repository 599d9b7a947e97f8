"""Celery's clock. It knows the schedule and the broker only: without Django it needs half the
memory, and it never touches the database.
"""

from celery import Celery

# No fix-ups: Celery's own would load Django as soon as a settings module is named.
app = Celery("client-services-beat", fixups=[])
app.config_from_object("config.settings.jobs", namespace="CELERY")
