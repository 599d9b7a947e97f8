"""Jobs over stored documents: a worker takes one, and another takes over when it is gone."""

import time
from datetime import timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from crmschema.models import SchemaCheck, SchemaRebuild
from crmschema.registry import DOCUMENT_SOURCES

# A page takes a fraction of a second: who has been silent for so long is gone.
STALE: Final = timedelta(seconds=30)
# A task hands over before its soft limit (540 s) would end it as failed; the next one goes on.
TURN_SECONDS: Final = 480.0

_QUEUED: Final = "Queued"
_RUNNING: Final = "Running"
AT_WORK: Final = (_QUEUED, _RUNNING)

Job = TypeVar("Job", SchemaCheck, SchemaRebuild)


def job_claim(model: type[Job], job_id: int) -> Job | None:
    """Take a job over, as its next attempt; None when another worker is at it or it has ended."""
    free = Q(status=_QUEUED) | Q(status=_RUNNING, heartbeat_at__lte=Now() - STALE)
    with transaction.atomic():
        job = (
            model.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("crm_schema")
            .filter(free, pk=job_id)
            .first()
        )
        if job is None:
            return None
        job.attempt += 1
        job.status = model.Status.RUNNING
        job.heartbeat_at = Now()
        job.save(update_fields=["attempt", "status", "heartbeat_at"])
    return job


def job_keep(job: SchemaCheck | SchemaRebuild, **fields: object) -> bool:
    """Write fields and the heartbeat, as long as the job is this worker's; whether it is."""
    ours = type(job).objects.filter(pk=job.pk, attempt=job.attempt, status=_RUNNING)
    for name, value in fields.items():
        setattr(job, name, value)
    return bool(ours.update(heartbeat_at=Now(), **fields))


def turn_end() -> float:
    """Until when a worker that begins now may begin another page, by the monotonic clock."""
    return time.monotonic() + TURN_SECONDS


def job_hand_over(job: SchemaCheck | SchemaRebuild, ends_at: float) -> bool:
    """Leave the rest to another turn once this one is over; whether it was left. The caller asks a
    worker; where the broker is away, the sweep finds the job within a minute.
    """
    return time.monotonic() > ends_at and job_keep(job, status=_QUEUED)


def documents_total(key: str) -> int:
    """How many documents of all kinds such a job goes through."""
    return sum(source.count(key) for source in DOCUMENT_SOURCES)


def jobs_silent(model: type[SchemaCheck] | type[SchemaRebuild]) -> list[int]:
    """The ids of jobs that are not finished and that nobody is at."""
    silent = model.objects.filter(status__in=AT_WORK, heartbeat_at__lte=Now() - STALE)
    return list(silent.order_by("pk").values_list("pk", flat=True))
