"""The last step of every submission: what waits for a key waits, the rest is written."""

from collections.abc import Sequence

from contacts.channels import waiting_changes
from contacts.exceptions import DetailsInvalid
from contacts.services.channels import channels_hold
from contacts.services.details import DetailsWrite, Origin, details_apply
from contacts.targets import TargetState
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, Settlement, fold, settle


def apply_or_wait(
    *,
    origin: Origin,
    state: TargetState,
    compiled: CompiledSchema,
    settlement: Settlement,
    skip_verification: bool = False,
) -> Sequence[Change]:
    """Write a settled submission to its locked target, but for new values of channels that ask for
    verification: those wait (V1). Gives the changes that wait. Nothing to write: no history (D3).
    """
    waiting = [] if skip_verification else waiting_changes(compiled, settlement.changes)
    if waiting:
        settlement = _without(waiting, state, compiled, settlement)
        channels_hold(origin=origin, state=state, compiled=compiled, waiting=waiting)
    if settlement.changes:
        write = DetailsWrite(state, compiled, settlement.document, settlement.changes)
        details_apply(origin=origin, kind=state.ref.kind, writes=[write])
    return waiting


def _without(
    waiting: Sequence[Change],
    state: TargetState,
    compiled: CompiledSchema,
    settlement: Settlement,
) -> Settlement:
    """The submission with the stored values in place of those that wait, settled again, because
    conditions and the composed name may look at them.
    """
    undone = [Change(change.path, change.target, change.original) for change in waiting]
    rest = settle(
        compiled,
        stored=state.details,
        proposed=fold(settlement.document, undone),
        for_member=True,
        is_decided=True,
    )
    if rest.errors:
        raise DetailsInvalid.of(rest.errors)
    return rest
