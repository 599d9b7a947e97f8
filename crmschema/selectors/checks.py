"""Checks of stored documents against the next version of a schema (S4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.common.exceptions import NotFound
from crmschema.evolution import (
    ChangeKind,
    ColumnChange,
    Effect,
    Finding,
    SchemaChange,
    Tally,
    column_changes,
)
from crmschema.models import SchemaCheck
from crmschema.registry import RequestsTouched
from crmschema.selectors.changes import schema_changes
from crmschema.selectors.schemas import text_compiled
from crmschema.selectors.versions import version_compiled

_NONE = RequestsTouched((), ())


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check as it stands. `changes` and `columns` are there at once; `findings` grow while it
    runs; `requests` come with the end. `concurrency_token` is that of the version it starts from.
    """

    check_id: UUID
    key: str
    status: SchemaCheck.Status
    concurrency_token: int
    checked: int
    total: int
    changes: Sequence[SchemaChange]
    columns: Sequence[ColumnChange]
    findings: Sequence[Finding]
    requests: RequestsTouched
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_refused(self) -> bool:
        """Whether a save answers FieldInUse whatever is accepted."""
        return any(finding.is_refused for finding in self.findings)

    @property
    def is_breaking(self) -> bool:
        """Whether a save needs this check as its `accepted_check`; settled once it is finished."""
        return bool(self.findings) or is_always_breaking(self.changes)


def is_always_breaking(changes: Sequence[SchemaChange]) -> bool:
    """Whether a change is never silent, whatever is stored: amounts in another currency."""
    return any(change.kind is ChangeKind.CURRENCY for change in changes)


def schema_check_get(*, key: str, check_id: UUID) -> CheckResult:
    """A check of the schema `key`, with its changes, progress and findings. Raises NotFound."""
    check = (
        SchemaCheck.objects.select_related("crm_schema")
        .filter(crm_schema__key=key, uid=check_id)
        .first()
    )
    if check is None:
        raise NotFound("There is no such check.")
    old = version_compiled(key=key, token=check.token)
    new = text_compiled(key, check.token + 1, check.schema)
    changes = schema_changes(schema_id=check.crm_schema_id, old=old, new=new)
    return CheckResult(
        check_id=check.uid,
        key=key,
        status=SchemaCheck.Status(check.status),
        concurrency_token=check.token,
        checked=check.checked,
        total=max(check.total, check.checked),
        changes=changes,
        columns=column_changes(old, new, changes),
        findings=Tally.from_json(check.findings).findings,
        requests=RequestsTouched(**check.requests) if check.requests else _NONE,
        created_at=check.created_at,
        finished_at=check.finished_at,
    )


def touched_paths(changes: Sequence[SchemaChange]) -> frozenset[str]:
    """The paths, in either version, at which a change is more than compatible."""
    relevant = [change for change in changes if change.effect is not Effect.COMPATIBLE]
    return frozenset(path for change in relevant for path in (change.path, change.old_path))
