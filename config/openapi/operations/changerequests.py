"""Change requests: reading, deciding, cancelling."""

from changerequests.exceptions import NotInitiator, OwnChangeRequest
from config.openapi.model import ErrorDoc, Node, OperationDoc
from config.openapi.operations.samples import (
    ADVISER,
    ANONYMIZED,
    CHANGE,
    CONFLICT,
    CONTACT_UID,
    DETAILS_NO_LONGER_VALID,
    NOT_PENDING,
    REQUEST_UID,
    REVIEWER,
    USERNAME_NOT_UNIQUE,
)
from config.openapi.texts import CHANGE_REQUESTS

_STATUSES: list[Node] = [
    {"id": 1, "name": "Pending"},
    {"id": 2, "name": "Approved"},
    {"id": 3, "name": "Rejected"},
    {"id": 4, "name": "Cancelled"},
    {"id": 5, "name": "Superseded"},
]

CHANGE_REQUEST_OPERATIONS = {
    "listChangeRequestStatuses": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Change request statuses, localised",
        answer_example={"changeRequestStatuses": _STATUSES},
    ),
    "getChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Details of a change request",
        description="List items are shown by their labels in the language of the answer.",
        answer_example={
            "id": 4,
            "uId": REQUEST_UID,
            "contact": {"id": 17, "uId": CONTACT_UID, "name": "Shannon Miller"},
            "status": _STATUSES[1],
            "createDate": "2026-03-01T16:05:00Z",
            "initiatorMember": {"uId": ADVISER["uid"], "name": ADVISER["name"]},
            "initiatorComment": "Name after the wedding",
            "reviewDate": "2026-03-02T09:30:00Z",
            "reviewMember": {"uId": REVIEWER["uid"], "name": REVIEWER["name"]},
            "reviewComment": None,
            "details": [CHANGE],
        },
    ),
    "checkPendingChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Whether a change request is pending",
        answer_example={
            "hasPendingChangeRequest": True,
            "changeRequest": {
                "id": 4,
                "initiatorMember": ADVISER,
                "createdDate": "2026-03-01T16:05:00Z",
            },
        },
    ),
    "reviewChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Approve or reject a pending change request (never the initiator)",
        description=(
            "Approving checks what the request was based on and the schema once more. Values that "
            "have moved since answer 409 ChangeRequestConflict; conflicts then says for each path "
            "which value wins (an addition to the contract). After a refusal the request is still "
            "pending."
        ),
        errors=(
            ErrorDoc(OwnChangeRequest),
            NOT_PENDING,
            CONFLICT,
            ANONYMIZED,
            DETAILS_NO_LONGER_VALID,
            USERNAME_NOT_UNIQUE,
        ),
        request_example={
            "isApproved": True,
            "comment": "Seen the certificate",
            "conflicts": [{"path": "personalInformation.lastName", "take": "Target"}],
        },
        is_retry_safe=True,
    ),
    "cancelChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Cancel a pending change request (initiator only)",
        description="Details and history stay as they are.",
        errors=(ErrorDoc(NotInitiator), NOT_PENDING),
        is_retry_safe=True,
    ),
}
