"""What is stored of names and filters follows a saved schema: a job, started by the save (S4).

Which field gives a document its name, and which are filtered by, the schema says; the values stand
in columns beside the document. A write keeps them right for its own document. A save that looks
elsewhere for them has this job go through all others. Details, versions and history stay as they
are, and nothing is audited beside the save: nobody has changed anything.
"""

from functools import partial
from typing import Final

import structlog
from django.db import transaction
from django.db.models.functions import Now

from config.common.broker import ask_worker
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import derivation
from crmschema.locks import schema_lock_shared
from crmschema.models import CrmSchema, SchemaRebuild
from crmschema.registry import DOCUMENT_SOURCES, DocumentSource
from crmschema.selectors.schemas import StoredSchema, compiled
from crmschema.selectors.versions import version_compiled
from crmschema.services.jobs import (
    AT_WORK,
    documents_total,
    job_claim,
    job_hand_over,
    job_keep,
    jobs_silent,
    turn_end,
)

TASK: Final = "crmschema.tasks.schema_rebuild_task"
QUEUE: Final = "maintenance"
# So many documents are locked for some hundredths of a second: a writer hardly notices.
PAGE: Final = 200

_Status = SchemaRebuild.Status

log = structlog.get_logger(__name__)


def schema_rebuild_start(*, stored: StoredSchema, compiled: CompiledSchema) -> None:
    """Have names and filters follow `compiled`, if it takes them from elsewhere than `stored`.

    Expects the transaction of the save, under the schema's exclusive lock. Takes the place of a
    rebuild that is not finished. A worker is asked after the commit; where the broker is away the
    sweep starts the job within a minute.
    """
    if derivation(stored.compiled) == derivation(compiled):
        return
    SchemaRebuild.objects.filter(crm_schema_id=stored.id, status__in=AT_WORK).update(
        status=_Status.SUPERSEDED, finished_at=Now()
    )
    rebuild = SchemaRebuild.objects.create(crm_schema_id=stored.id, token=compiled.token)
    transaction.on_commit(partial(ask_worker, TASK, rebuild.pk, queue=QUEUE))


def schema_rebuild_run(*, rebuild_id: int) -> None:
    """Do the work of a rebuild, or what is left of it. Running it twice is harmless: one that
    another worker is at, or that has ended, is left alone.

    Goes through the documents in order of id. Each batch is a transaction of its own together with
    the place to go on from; it takes the schema's shared lock, the rows' locks in order of id, then
    that of the job. After eight minutes it leaves the rest to another turn. Documents are treated
    by the schema as it is then, so that it does not matter how many saves follow each other, or who
    writes meanwhile. However often it fails, the sweep tries again: a wrong name is worse than a
    try in vain.
    """
    rebuild = job_claim(SchemaRebuild, rebuild_id)
    if rebuild is None:
        return
    key = rebuild.crm_schema.key
    total = documents_total(key)
    if job_keep(rebuild, total=total) and _is_through(rebuild, key):
        job_keep(rebuild, status=_Status.FINISHED, total=rebuild.checked, finished_at=Now())
        log.info(
            "schema_rebuilt",
            schema=key,
            token=rebuild.token,
            checked=rebuild.checked,
            rebuilt=rebuild.rebuilt,
        )


def schema_rebuilds_sweep() -> None:
    """Ask a worker again for rebuilds that nobody is at, and leave one where a save has left none.
    Running it twice is harmless.

    The latter is what a web process does that is older than rebuilds, while others are upgraded. It
    is told by the version that the latest rebuild was for: the current one takes names and filters
    from the same fields, or a rebuild is missing.
    """
    for pk in jobs_silent(SchemaRebuild):
        ask_worker(TASK, pk, queue=QUEUE)
    for schema_id, key, token in CrmSchema.objects.values_list("pk", "key", "concurrency_token"):
        if _followed(schema_id) != token:
            _start_if_missing(schema_id, key)


def _followed(schema_id: int) -> int:
    """The version that the latest rebuild was for; none was needed for the first."""
    rebuilds = SchemaRebuild.objects.filter(crm_schema_id=schema_id).order_by("-pk")
    return rebuilds.values_list("token", flat=True).first() or 1


@transaction.atomic
def _start_if_missing(schema_id: int, key: str) -> None:
    """Decided under the schema's shared lock, so that no save comes between. Another sweep may
    have been faster: the constraint lets one through. The next sweep asks a worker for it.
    """
    schema_lock_shared(schema_id)
    current = compiled(key)
    followed = version_compiled(key=key, token=_followed(schema_id))
    if derivation(followed) != derivation(current):
        missing = SchemaRebuild(crm_schema_id=schema_id, token=current.token)
        SchemaRebuild.objects.bulk_create([missing], ignore_conflicts=True)


def _is_through(rebuild: SchemaRebuild, key: str) -> bool:
    """Whether all batches are done; not when the rebuild is no longer this worker's, or when its
    turn is over.
    """
    sources, ends_at = list(DOCUMENT_SOURCES), turn_end()
    while rebuild.source < len(sources):
        if not _batch_kept(rebuild, sources[rebuild.source], key):
            return False
        if job_hand_over(rebuild, ends_at):
            ask_worker(TASK, rebuild.pk, queue=QUEUE)
            return False
    return True


def _batch_kept(rebuild: SchemaRebuild, source: DocumentSource, key: str) -> bool:
    """Rebuild the next batch and write down how far the job is, both or neither."""
    with transaction.atomic():
        page = source.rebuild(key, rebuild.after_id, PAGE)
        is_last = page.checked < PAGE
        return job_keep(
            rebuild,
            source=rebuild.source + is_last,
            after_id=0 if is_last else page.last_id,
            checked=rebuild.checked + page.checked,
            rebuilt=rebuild.rebuilt + page.rebuilt,
        )
