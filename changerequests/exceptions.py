"""Errors of change requests."""

from config.common.exceptions import Conflict, Forbidden


class PendingChangeRequestExists(Conflict):
    """A target has one pending request at most (C3); `changeRequestId` in the properties."""

    sub_code = "PendingChangeRequestExists"
    default_message = "Another change request of this target is pending."


class ChangeRequestNotPending(Conflict):
    """Only pending requests move on (C5)."""

    sub_code = "ChangeRequestNotPending"
    default_message = "The change request is no longer pending."


class ChangeRequestConflict(Conflict):
    """What the request was based on has changed; `conflicts` in the properties (C6)."""

    sub_code = "ChangeRequestConflict"
    default_message = "Values have changed since the request was made."


class OwnChangeRequest(Forbidden):
    """Nobody reviews their own request (C4, A6)."""

    sub_code = "OwnChangeRequest"
    default_message = "Another person than the initiator must review the request."


class NotInitiator(Forbidden):
    """Only the initiator cancels a request (C4)."""

    sub_code = "NotInitiator"
    default_message = "Only the initiator can cancel the request."
