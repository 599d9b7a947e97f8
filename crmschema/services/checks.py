"""The check of stored documents as a job (S4): started by an editor, run by a worker."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.broker import ask_worker
from config.common.db import atomic
from crmschema.evolution import Examiner, Tally
from crmschema.exceptions import SchemaInvalid
from crmschema.models import SchemaCheck
from crmschema.registry import DOCUMENT_SOURCES, PENDING_REQUESTS
from crmschema.selectors.checks import touched_paths
from crmschema.selectors.schemas import StoredSchema, text_compiled
from crmschema.selectors.versions import version_compiled
from crmschema.services.clearance import Step, held_findings, pages, tally_page
from crmschema.services.fence import writes_fence
from crmschema.services.jobs import (
    AT_WORK,
    documents_total,
    job_claim,
    job_hand_over,
    job_keep,
    jobs_silent,
    turn_end,
)
from crmschema.services.texts import draft_compiled, schema_get_at, text_digest

TASK: Final = "crmschema.tasks.schema_check_task"
QUEUE: Final = "default"
MAX_ATTEMPTS: Final = 5
# Turns are attempts too, and whoever gets ahead may go on: one turn checks many times as many.
DOCUMENTS_AN_ATTEMPT: Final = 100_000
KEPT: Final = timedelta(days=7)

_Status = SchemaCheck.Status


@atomic()
def schema_check_start(
    *, actor: Actor, key: str, schema: str, concurrency_token: int
) -> SchemaCheck:
    """Start to check which stored documents a schema would break; it is saved later, if at all.

    The result is read by `schema_check_get(key=…, check_id=check.uid)`; a finished check is what
    `schema_save` takes as `accepted_check`, for the same token and text. A worker is asked after
    the commit; where the broker is away the sweep starts the job within a minute. Audited. Raises
    NotFound, ConcurrencyConflict, SchemaInvalid.
    """
    stored = schema_get_at(key=key, concurrency_token=concurrency_token)
    text, _compiled = draft_compiled(
        key=key, token=concurrency_token + 1, schema=schema, stored=stored.schema
    )
    check = SchemaCheck.objects.create(
        crm_schema_id=stored.id,
        token=concurrency_token,
        schema=text,
        digest=text_digest(schema, stored=stored.schema),
        member_id=actor.member_id,
        app_id=actor.app_id,
    )
    audit_record(
        actor=actor,
        operation="startSchemaCheck",
        object_type="schemaCheck",
        object_id=check.uid,
        fields=["schema"],
    )
    transaction.on_commit(partial(ask_worker, TASK, check.pk, queue=QUEUE))
    return check


def schema_check_run(*, check_id: int) -> None:
    """Do the work of a check, or what is left of it. Running it twice is harmless: a check that
    another worker is at, or that has ended, is left alone.

    Goes through the documents in pages of a thousand, each with its findings and the place to go
    on from in one statement; no transaction is open between them. After eight minutes it leaves the
    rest to another turn. A text that the lists of today refuse ends as Failed.
    """
    check = job_claim(SchemaCheck, check_id)
    if check is None:
        return
    if check.attempt > MAX_ATTEMPTS + check.checked // DOCUMENTS_AN_ATTEMPT:
        _end(check, _Status.FAILED)
        return
    try:
        step = _step(check)
    except SchemaInvalid:
        _end(check, _Status.FAILED)
        return
    if _examined(check, step):
        touched = PENDING_REQUESTS.get()(step.compiled, touched_paths(step.changes))
        _end(check, _Status.FINISHED, requests=touched._asdict())


def schema_checks_sweep() -> None:
    """Ask a worker again for checks that nobody is at, and remove those that have had their time.

    Running it twice is harmless.
    """
    for pk in jobs_silent(SchemaCheck):
        ask_worker(TASK, pk, queue=QUEUE)
    SchemaCheck.objects.filter(created_at__lte=Now() - KEPT).exclude(status__in=AT_WORK).delete()


def _step(check: SchemaCheck) -> Step:
    key = check.crm_schema.key
    old = version_compiled(key=key, token=check.token)
    new = text_compiled(key, check.token + 1, check.schema)
    return Step.to(StoredSchema(check.crm_schema_id, check.schema, old), new)


def _examined(check: SchemaCheck, step: Step) -> bool:
    """Whether all documents have been examined; not when another worker has taken over, or when
    this turn is over.
    """
    if check.mark is None:
        mark = writes_fence(check.crm_schema_id)
        total = documents_total(step.key)
        if not job_keep(check, mark=mark, total=total):
            return False
    examiner = Examiner(step.stored.compiled, step.compiled, step.changes)
    if not examiner.judges_values:
        # What is held at all the database counts itself, ten times as fast.
        held = held_findings(examiner, step.key).to_json()
        return job_keep(check, checked=check.total, findings=held)
    return all(_pages_kept(check, step.key, examiner))


def _pages_kept(check: SchemaCheck, key: str, examiner: Examiner) -> Iterator[bool]:
    """Examine page by page from where the check stands; after each, whether it is still ours and
    this turn goes on.
    """
    ends_at = turn_end()
    tally = Tally.from_json(check.findings)
    for number, source in enumerate(DOCUMENT_SOURCES):
        if number < check.source:
            continue
        after_id = check.after_id if number == check.source else 0
        for page in pages(source, key, after_id):
            tally_page(tally, examiner, source, page)
            yield job_keep(
                check,
                source=number,
                after_id=page[-1].id,
                checked=check.checked + len(page),
                findings=tally.to_json(),
            )
            if job_hand_over(check, ends_at):
                ask_worker(TASK, check.pk, queue=QUEUE)
                yield False


def _end(check: SchemaCheck, status: SchemaCheck.Status, **fields: object) -> None:
    job_keep(check, status=status, finished_at=Now(), **fields)
