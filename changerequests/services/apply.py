"""The last step of every submission: what waits for a key waits, the rest is written."""

from collections.abc import Sequence
from typing import NamedTuple

from contacts.channels import removed_changes, waiting_changes
from contacts.exceptions import DetailsInvalid
from contacts.services.channels import channels_hold, channels_tell_removed
from contacts.services.details import DetailsWrite, Origin, details_apply
from contacts.targets import CONTACT, TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, Settlement, fold, settle


class Outcome(NamedTuple):
    """What became of the changes of a submission."""

    waiting: Sequence[Change]
    written: Sequence[Change]


def apply_or_wait(
    *,
    origin: Origin,
    state: TargetState,
    compiled: CompiledSchema,
    settlement: Settlement,
    skip_verification: bool = False,
) -> Outcome:
    """Write a settled submission to its locked target, but for new values of channels that ask for
    verification: those wait (V1), of contacts. One that is cleared is gone at once, and its address
    is told. Nothing to write: no history (D3). Once in a transaction: after the target it locks
    values, and no row may be locked after these. Raises DetailsInvalid for values that are valid
    only together with one that waits, TooManyKeys, UsernameNotUnique (U2).
    """
    skips = skip_verification or state.ref.kind != CONTACT
    waiting = [] if skips else waiting_changes(compiled, settlement.changes)
    if waiting:
        # The one who asked: of apps more is required than of members (D1).
        is_member = origin.member_id is not None
        settlement = _without(waiting, state, compiled, settlement, for_member=is_member)
        channels_hold(origin=origin, state=state, compiled=compiled, waiting=waiting)
    if settlement.changes:
        write = DetailsWrite(state, compiled, settlement.document, settlement.changes)
        details_apply(origin=origin, kind=state.ref.kind, writes=[write])
    removed = [] if skips else removed_changes(compiled, settlement.changes)
    if removed:
        channels_tell_removed(state=state, compiled=compiled, removed=removed)
    return Outcome(waiting, settlement.changes)


def _without(
    waiting: Sequence[Change],
    state: TargetState,
    compiled: CompiledSchema,
    settlement: Settlement,
    *,
    for_member: bool,
) -> Settlement:
    """What was proposed, with the stored values in place of those that wait, settled again: a
    condition may look at them, and must not see what is not there yet.
    """
    undone = [Change(change.path, change.target, change.original) for change in waiting]
    rest = settle(
        compiled,
        stored=state.details,
        proposed=fold(settlement.proposed, undone),
        for_member=for_member,
        is_decided=True,
    )
    if rest.errors:
        raise DetailsInvalid.of(rest.errors)
    return rest
