"""The details of a past moment, rebuilt from history (D11)."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection
from django.db.models import Max, QuerySet

from config.common.exceptions import NotFound
from contacts.exceptions import DetailsErased
from contacts.models import ChangeSet
from contacts.selectors.history import change_set_changes
from contacts.targets import TargetRef
from crmschema.documents import Document, fold


@dataclass(frozen=True, slots=True)
class PastDetails:
    """Details as they were, the version that they were, and since when."""

    details: Document
    version: int
    since: datetime


def details_as_of(*, ref: TargetRef, moment: datetime) -> PastDetails:
    """The details that a target which the caller is known to reach had at `moment`: what had taken
    effect by then, at that very moment too.

    Three statements. Raises NotFound before the creation, and DetailsErased for a moment before the
    erasure of an anonymised target: of it only what the schema marks as not personal is left, which
    is not what the details were.
    """
    history = ChangeSet.objects.filter(**{ref.kind.reference: ref.id})
    # By version and not by time alone: a clock that was set back must not leave a change out.
    version = history.filter(executed_at__lte=moment).aggregate(last=Max("version"))["last"]
    if version is None:
        raise NotFound("There were no details at that time.")
    past = _folded(history.filter(version__lte=version))
    # Read after the history: an erasure that came in between is then seen.
    stored, current_version, is_anonymised = _current(ref)
    if not is_anonymised:
        return past
    if version < current_version:
        raise DetailsErased
    return PastDetails(stored, past.version, past.since)


def _folded(history: QuerySet[ChangeSet]) -> PastDetails:
    """The first change set is the creation, which holds the document itself (D11)."""
    creation, *changes = history.order_by("version").only(
        "kind", "details", "version", "executed_at"
    )
    document = creation.details
    for change_set in changes:
        document = fold(document, change_set_changes(change_set))
    last = changes[-1] if changes else creation
    return PastDetails(document, last.version, last.executed_at)


def _current(ref: TargetRef) -> tuple[Document, int, bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT details::text, version, anonymised_at IS NOT NULL"  # noqa: S608 - a constant
            f" FROM {ref.kind.table} WHERE id = %s",
            [ref.id],
        )
        details, version, is_anonymised = cursor.fetchone()
    return orjson.loads(details), version, is_anonymised
