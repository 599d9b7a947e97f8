"""What stands between a schema and its save: stored documents that it breaks (S4)."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from crmschema.compiler.model import CompiledSchema
from crmschema.evolution import (
    MAX_IDS,
    ChangeKind,
    Effect,
    Examiner,
    Finding,
    SchemaChange,
    Tally,
    change_output,
)
from crmschema.exceptions import BreakingChange, CheckNotFinished, CheckUnknown, FieldInUse
from crmschema.models import SchemaCheck
from crmschema.registry import DOCUMENT_SOURCES, DocumentSource, StoredDocument
from crmschema.selectors.changes import schema_changes
from crmschema.selectors.checks import is_always_breaking
from crmschema.selectors.schemas import StoredSchema
from crmschema.services.fence import writes_fence

PAGE: Final = 1_000
# A save without an accepted check looks at documents for so long: enough for small stores.
LOOK_SECONDS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Step:
    """From the stored version of a schema to the next, as a save or a check takes it."""

    stored: StoredSchema
    compiled: CompiledSchema
    changes: Sequence[SchemaChange]
    language: str = "en"

    @classmethod
    def to(cls, stored: StoredSchema, compiled: CompiledSchema, language: str = "en") -> "Step":
        """With what differs. A place that comes back is nothing new where no document holds a
        value there: none can, as long as the stored version does not know the place.
        """
        old = stored.compiled
        changes = schema_changes(schema_id=stored.id, old=old, new=compiled)
        revived = [change for change in changes if change.kind is ChangeKind.REVIVED]
        findings = held_findings(Examiner(old, compiled, revived), compiled.key).findings
        held = {finding.path for finding in findings}
        changes = [
            change
            for change in changes
            if change.kind is not ChangeKind.REVIVED or change.path in held
        ]
        return cls(stored, compiled, changes, language)

    @property
    def key(self) -> str:
        return self.compiled.key


class Clearance:
    """Permission to save, as of a mark: whatever is written later is examined again."""

    def __init__(
        self, step: Step, examiner: Examiner, mark: int, accepted: Iterable[Finding]
    ) -> None:
        self._step, self._examiner, self._mark = step, examiner, mark
        self._accepted = {finding.key for finding in accepted}

    def catch_up(self) -> None:
        """Examine what was written since, before the exclusive lock: few documents remain for it.

        Raises as `confirm` does.
        """
        if not self._examiner.is_idle:
            mark = writes_fence(self._step.stored.id)
            self.confirm()
            self._mark = mark

    def confirm(self) -> None:
        """Examine what was written since the mark. Under the exclusive lock nothing can be missed.

        Raises FieldInUse or BreakingChange for findings at a path and of a rule that the accepted
        check does not have.
        """
        if self._examiner.is_idle:
            return
        tally = Tally()
        for source in DOCUMENT_SOURCES:
            for page in _written_pages(source, self._step.key, self._mark):
                tally_page(tally, self._examiner, source, page)
        new = [finding for finding in tally.findings if finding.key not in self._accepted]
        if new:
            raise refusal(self._step, new, is_complete=False)


def clearance_accepted(step: Step, *, digest: bytes, check_id: UUID) -> Clearance:
    """Clearance by a finished check of the same schema, token and text.

    Raises CheckUnknown, CheckNotFinished, and FieldInUse where the check found what nobody can
    accept.
    """
    check = SchemaCheck.objects.filter(
        uid=check_id,
        crm_schema_id=step.stored.id,
        token=step.stored.compiled.token,
        digest=digest,
    ).first()
    if check is None:
        raise CheckUnknown
    if check.mark is None or not check.is_finished:
        raise CheckNotFinished(properties={"status": check.status})
    findings = Tally.from_json(check.findings).findings
    if any(finding.is_refused for finding in findings):
        raise refusal(step, findings, is_complete=True)
    return Clearance(step, _examiner(step), check.mark, findings)


def clearance_by_look(step: Step, *, digest: bytes) -> Clearance:
    """Clearance without a check, where nothing can be wrong or a short look shows that nothing is.

    Counts values by one scan where only held values matter, else reads documents for at most
    LOOK_SECONDS. Raises FieldInUse or BreakingChange with what was found, or with the findings of a
    finished check of the same text.
    """
    examiner = _examiner(step)
    if examiner.is_idle:
        return Clearance(step, examiner, 0, ())
    mark = writes_fence(step.stored.id)
    if examiner.judges_values:
        findings, is_complete = _look(examiner, step.key)
    else:
        findings, is_complete = held_findings(examiner, step.key).findings, True
    if not is_complete:
        known = _known_findings(step, digest)
        findings, is_complete = (findings, False) if known is None else (known, True)
    if findings or not is_complete or is_always_breaking(step.changes):
        raise refusal(step, findings, is_complete=is_complete)
    return Clearance(step, examiner, mark, ())


def _examiner(step: Step) -> Examiner:
    return Examiner(step.stored.compiled, step.compiled, step.changes)


def refusal(
    step: Step, findings: Sequence[Finding], *, is_complete: bool
) -> BreakingChange | FieldInUse:
    """The error for what was found: FieldInUse where something is in it that no check accepts."""
    refused = [finding for finding in findings if finding.is_refused]
    properties: dict[str, Any] = {  # Any: JSON values
        "changes": [
            change_output(change, step.language)
            for change in step.changes
            if change.effect is not Effect.COMPATIBLE
        ],
        "findings": [finding.as_json() for finding in refused or findings],
    }
    if refused:
        return FieldInUse(properties=properties)
    return BreakingChange(properties={**properties, "isComplete": is_complete})


def tally_page(
    tally: Tally, examiner: Examiner, source: DocumentSource, page: Sequence[StoredDocument]
) -> None:
    """Examine the documents of one page."""
    fixed = source.fixed_aliases()
    for document in page:
        found = examiner.examine(
            document.details, is_anonymised=document.is_anonymised, fixed=fixed
        )
        if found:
            tally.add(source.kind, document.id, found)


def _look(examiner: Examiner, key: str) -> tuple[list[Finding], bool]:
    """What a look of limited length finds, and whether it has seen everything."""
    deadline = time.monotonic() + LOOK_SECONDS
    tally = Tally()
    for source in DOCUMENT_SOURCES:
        for page in pages(source, key, 0):
            tally_page(tally, examiner, source, page)
            if len(page) == PAGE and time.monotonic() > deadline:
                return tally.findings, False
    return tally.findings, True


def held_findings(examiner: Examiner, key: str) -> Tally:
    """How many documents hold what the change concerns: one scan for each kind of target."""
    tally = Tally()
    places = [(held.path, held.grid) for held in examiner.held]
    for source in DOCUMENT_SOURCES if places else ():
        counted = source.holding(key, places, MAX_IDS)
        for held, holding in zip(examiner.held, counted, strict=True):
            tally.add_many(source.kind, held.path, held.rule, holding.number, holding.ids)
    return tally


def _known_findings(step: Step, digest: bytes) -> list[Finding] | None:
    """The findings of the latest finished check of the same text; None without one."""
    check = (
        SchemaCheck.objects.filter(
            crm_schema_id=step.stored.id,
            token=step.stored.compiled.token,
            digest=digest,
            status=SchemaCheck.Status.FINISHED,
        )
        .order_by("-pk")
        .first()
    )
    return None if check is None else Tally.from_json(check.findings).findings


def pages(source: DocumentSource, key: str, after_id: int) -> Iterator[Sequence[StoredDocument]]:
    """The documents of a kind from an id on, PAGE at a time."""
    page = source.page(key, after_id, PAGE)
    while page:
        yield page
        page = source.page(key, page[-1].id, PAGE)


def _written_pages(
    source: DocumentSource, key: str, mark: int
) -> Iterator[Sequence[StoredDocument]]:
    page = source.written_page(key, mark, 0, PAGE)
    while page:
        yield page
        page = source.written_page(key, mark, page[-1].id, PAGE)
