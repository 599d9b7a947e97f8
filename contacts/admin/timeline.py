"""History as a timeline: who changed what, when, why and on whose approval (H1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import ChangeSet
from contacts.selectors.history import change_set_changes
from crmschema.compiler.model import CompiledSchema
from crmschema.presentation import ChangeRow, change_rows

_Source = ChangeSet.Source
SOURCES = {
    _Source.API.value: _("API"),
    _Source.BACK_OFFICE.value: _("Back office"),
    _Source.CHANGE_REQUEST.value: _("Approved change request"),
    _Source.VERIFICATION.value: _("Verification"),
    _Source.IMPORT.value: _("Import"),
    _Source.SYSTEM.value: _("System"),
    _Source.ERASURE.value: _("Anonymisation"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One change set. `app` is what carried the call, or acted alone where `who` is its name."""

    when: datetime
    who: str
    app: str | None
    source: str
    comment: str
    reviewer: str | None
    change_request_id: int | None
    is_creation: bool
    rows: Sequence[ChangeRow]


def timeline(
    compiled: CompiledSchema, change_sets: Iterable[ChangeSet], language: str
) -> list[TimelineEntry]:
    """The change sets in their order, in words."""
    return [_entry(compiled, change_set, language) for change_set in change_sets]


def author(change_set: ChangeSet) -> str:
    """The person, else the app that acted alone, else the system itself."""
    if change_set.member is not None:
        return change_set.member.name
    return str(change_set.app) if change_set.app is not None else gettext("System")


def _entry(compiled: CompiledSchema, change_set: ChangeSet, language: str) -> TimelineEntry:
    carrier = change_set.app if change_set.member is not None else None
    return TimelineEntry(
        when=change_set.executed_at,
        who=author(change_set),
        app=str(carrier) if carrier is not None else None,
        source=str(SOURCES[change_set.source]),
        comment=change_set.comment,
        reviewer=change_set.reviewer.name if change_set.reviewer is not None else None,
        change_request_id=change_set.change_request_id,
        is_creation=change_set.kind == ChangeSet.Kind.CREATION,
        rows=change_rows(compiled, change_set_changes(change_set), language),
    )
