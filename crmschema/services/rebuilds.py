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
from crmschema.models import SchemaRebuild
from crmschema.registry import DOCUMENT_SOURCES, DocumentSource
from crmschema.selectors.schemas import StoredSchema
from crmschema.services.jobs import AT_WORK, documents_total, job_claim, job_keep, jobs_silent

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
    that of the job. Documents are treated by the schema as it is then, so that it does not matter
    how many saves follow each other, or who writes meanwhile. However often it fails, the sweep
    tries again: a wrong name is worse than a try in vain.
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
    """Ask a worker again for rebuilds that nobody is at. Running it twice is harmless."""
    for pk in jobs_silent(SchemaRebuild):
        ask_worker(TASK, pk, queue=QUEUE)


def _is_through(rebuild: SchemaRebuild, key: str) -> bool:
    """Whether all batches are done; not when the rebuild is no longer this worker's."""
    sources = list(DOCUMENT_SOURCES)
    while rebuild.source < len(sources):
        if not _batch_kept(rebuild, sources[rebuild.source], key):
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
