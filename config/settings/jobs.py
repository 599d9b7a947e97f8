"""Celery: jobs live in PostgreSQL, the broker only says that there is work; it may lose all."""

from datetime import timedelta

from celery.schedules import crontab
from kombu import Queue

from config import env

CELERY_BROKER_URL = env.broker()
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

# Results would be a second truth beside the job rows, and a second thing that can be down.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]

# A task whose worker is killed runs again; every task withstands that.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600

CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [Queue("default"), Queue("maintenance"), Queue("messages")]
CELERY_TASK_DEFAULT_QUEUE = "default"

# A broker that is away costs a web request well under two seconds and never its answer.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    # Longer than any task may run, or it would be handed out twice.
    "visibility_timeout": 900,
}
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}

# Own log set-up: see config.common.logging.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False

CELERY_BEAT_SCHEDULE = {
    "sweep-pictures": {
        "task": "contacts.tasks.pictures_sweep_task",
        "schedule": crontab(hour=2, minute=41),
        "options": {"queue": "maintenance"},
    },
    # What the broker was not told, lost, or could not be sent at first.
    "deliver-messages": {
        "task": "config.common.tasks.outbox_deliver_task",
        "schedule": timedelta(seconds=15),
        "options": {"queue": "messages", "expires": 15},
    },
    "notify-reviewers": {
        "task": "changerequests.tasks.reviewers_notify_task",
        "schedule": timedelta(seconds=30),
        "options": {"queue": "messages", "expires": 30},
    },
    "follow-up-change-requests": {
        "task": "changerequests.tasks.change_requests_follow_up_task",
        "schedule": crontab(minute=17),
        "options": {"queue": "maintenance"},
    },
    # Large anonymisations that a crash or a lost call stopped.
    "continue-anonymisations": {
        "task": "contacts.tasks.anonymisation_sweep_task",
        "schedule": timedelta(seconds=60),
        "options": {"queue": "maintenance", "expires": 60},
    },
    "purge-messages": {
        "task": "config.common.tasks.outbox_purge_task",
        "schedule": crontab(minute=47),
        "options": {"queue": "maintenance"},
    },
    # What the broker was not told, lost, or what a killed worker left.
    "sweep-schema-checks": {
        "task": "crmschema.tasks.schema_checks_sweep_task",
        "schedule": timedelta(seconds=30),
        "options": {"queue": "maintenance", "expires": 30},
    },
    "purge-idempotency-keys": {
        "task": "config.common.tasks.idempotency_purge_task",
        "schedule": crontab(minute=7),
        "options": {"queue": "maintenance"},
    },
    "purge-sign-in-attempts": {
        "task": "config.common.tasks.sign_in_attempts_purge_task",
        "schedule": crontab(minute=37),
        "options": {"queue": "maintenance"},
    },
    "purge-channel-keys": {
        "task": "contacts.tasks.channel_keys_purge_task",
        "schedule": crontab(minute=17),
        "options": {"queue": "maintenance"},
    },
    "purge-tokens": {
        "task": "config.common.tasks.tokens_purge_task",
        "schedule": crontab(hour=3, minute=23),
        "options": {"queue": "maintenance"},
    },
}
