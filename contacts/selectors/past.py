"""The details of a past moment, rebuilt from history (D11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import orjson
from django.db import connection
from django.db.models import QuerySet

from config.common.exceptions import FieldError, NotFound, fields_error
from contacts.exceptions import DetailsErased
from contacts.models import ChangeSet
from contacts.selectors.history import change_set_changes
from contacts.targets import TargetRef
from crmschema.documents import Change, Document, fold_all, inverted

CHUNK = 500
"""How many change sets are in memory at a time."""

# By version and not by time alone: a clock that was set back must not leave a change out.
_STATE = """
SELECT target.details::text, target.version, target.anonymised_at IS NOT NULL,
       %s > statement_timestamp(), past.version, past.executed_at
FROM {table} target LEFT JOIN LATERAL (
    SELECT version, executed_at FROM contacts_changeset
    WHERE {reference} = target.id AND executed_at <= %s
    ORDER BY version DESC LIMIT 1
) past ON true
WHERE target.id = %s
"""


@dataclass(frozen=True, slots=True)
class PastDetails:
    """Details as they were, the version that they were, and since when."""

    details: Document
    version: int
    since: datetime


class _State(NamedTuple):
    """Today's details, and the change set that was the latest at the moment; one snapshot."""

    details: str
    version: int
    is_anonymised: bool
    is_future: bool
    past_version: int | None
    since: datetime


def details_as_of(*, ref: TargetRef, moment: datetime) -> PastDetails:
    """The details that a target which the caller is known to reach had at `moment`: what had taken
    effect by then, at that very moment too.

    Change sets are folded forwards from the creation or backwards from today's details, whichever
    are fewer. One statement where nothing has changed since, else three for up to 500 change sets
    and one for each further 500, which are what is in memory. Raises BadRequest for a moment that
    has not come by the database's clock, which dates history, NotFound before the creation,
    and DetailsErased for a moment before the erasure of an anonymised target: of it only what the
    schema marks as not personal is left, which is not what the details were.
    """
    state = _state(ref, moment)
    if state.is_future:
        raise fields_error(FieldError("asOf", "Range", "The value must not be in the future."))
    if state.past_version is None:
        raise NotFound("There were no details at that time.")
    if state.past_version == state.version:
        return PastDetails(orjson.loads(state.details), state.version, state.since)
    if state.is_anonymised:
        raise DetailsErased
    past = _rebuilt(ref, state, state.past_version)
    # Asked after the history was read: an erasure that came in between is then seen.
    if _is_anonymised(ref):
        raise DetailsErased
    return PastDetails(past, state.past_version, state.since)


def _state(ref: TargetRef, moment: datetime) -> _State:
    statement = _STATE.format(table=ref.kind.table, reference=ref.kind.reference)
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment, moment, ref.id])
        return _State(*cursor.fetchone())


def _is_anonymised(ref: TargetRef) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT anonymised_at IS NOT NULL FROM {ref.kind.table}"  # noqa: S608 - a constant
            " WHERE id = %s",
            [ref.id],
        )
        return bool(cursor.fetchone()[0])


def _rebuilt(ref: TargetRef, state: _State, version: int) -> Document:
    history = ChangeSet.objects.filter(**{ref.kind.reference: ref.id})
    if version <= state.version - version:
        # The creation holds the document itself (D11), which folding its leaves gives again.
        return fold_all({}, _changes(history, range(1, version + 1)))
    newer = _changes(history, range(state.version, version, -1))
    return fold_all(orjson.loads(state.details), map(inverted, newer))


def _changes(history: QuerySet[ChangeSet], versions: range) -> Iterator[list[Change]]:
    """The changes of change sets that follow each other, in that order, read in chunks."""
    for start in range(0, len(versions), CHUNK):
        chunk = versions[start : start + CHUNK]
        first, last = min(chunk), max(chunk)
        order = "version" if versions.step > 0 else "-version"
        for change_set in (
            history.filter(version__range=(first, last))
            .order_by(order)
            .only("kind", "details", "version")
        ):
            yield change_set_changes(change_set)
