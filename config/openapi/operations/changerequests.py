"""Change requests: reading, deciding, cancelling."""

from changerequests.exceptions import NotInitiator, OwnChangeRequest
from config.openapi.model import ErrorDoc, Node, OperationDoc
from config.openapi.operations.samples import (
    ADVISER,
    ADVISER_BY_ID,
    ANONYMIZED,
    CHANGE,
    CONFLICT,
    CONTACT_UID,
    DETAILS_NO_LONGER_VALID,
    NOT_PENDING,
    REQUEST_UID,
    REVIEWER,
    REVIEWER_BY_ID,
    STATUSES,
    TOO_MANY_KEYS,
    USERNAME_NOT_UNIQUE,
)
from config.openapi.texts import CHANGE_REQUESTS


def _request(initiator: Node, reviewer: Node) -> Node:
    return {
        "id": 4,
        "uId": REQUEST_UID,
        "contact": {"id": 17, "uId": CONTACT_UID, "name": "Shannon Miller"},
        "status": STATUSES[1],
        "createDate": "2026-03-01T16:05:00Z",
        "initiatorMember": initiator,
        "initiatorComment": "Name after the wedding",
        "reviewDate": "2026-03-02T09:30:00Z",
        "reviewMember": reviewer,
        "reviewComment": None,
        "details": [CHANGE],
    }


def _pending(initiator: Node) -> Node:
    shown = {"id": 4, "initiatorMember": initiator, "createdDate": "2026-03-01T16:05:00Z"}
    return {"hasPendingChangeRequest": True, "changeRequest": shown}


CHANGE_REQUEST_OPERATIONS = {
    "listChangeRequestStatuses": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Change request statuses, localised",
        answer_example={"changeRequestStatuses": STATUSES},
    ),
    "getChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Details of a change request",
        description="List items are shown by their labels in the language of the answer.",
        answer_example=_request(
            {"uId": ADVISER["uid"], "name": ADVISER["name"]},
            {"uId": REVIEWER["uid"], "name": REVIEWER["name"]},
        ),
    ),
    "getChangeRequestV10": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Details of a change request (members by integer id)",
        description=(
            "Use GET /v1.1/contacts/{contactId}/change-requests/{changeRequestId} instead."
        ),
        answer_example=_request(ADVISER_BY_ID, REVIEWER_BY_ID),
    ),
    "checkPendingChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Whether a change request is pending",
        answer_example=_pending(ADVISER),
    ),
    "checkPendingChangeRequestV10": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Whether a change request is pending (members by integer id)",
        description="Use GET /v1.1/contacts/{contactId}/pending-change-request/check instead.",
        answer_example=_pending(ADVISER_BY_ID),
    ),
    "reviewChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Approve or reject a pending change request (never the initiator)",
        description=(
            "Approving checks what the request was based on and the schema once more. Values that "
            "have moved since answer 409 ChangeRequestConflict; conflicts then says for each path "
            "which value wins (an addition to the contract). Repeat its currentValue, and the "
            "answer counts only as long as that is still what the conflict would show; otherwise "
            "the 409 comes again with today's values. A reviewer who may not read the contact is "
            "told the places of conflicts without values. After a refusal the request is still "
            "pending."
        ),
        errors=(
            ErrorDoc(OwnChangeRequest),
            NOT_PENDING,
            CONFLICT,
            ANONYMIZED,
            DETAILS_NO_LONGER_VALID,
            USERNAME_NOT_UNIQUE,
            TOO_MANY_KEYS,
        ),
        request_example={
            "isApproved": True,
            "comment": "Seen the certificate",
            "conflicts": [
                {
                    "path": "personalInformation.lastName",
                    "take": "Target",
                    "currentValue": "Crawford-Jones",
                }
            ],
        },
        is_retry_safe=True,
    ),
    "cancelChangeRequest": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Cancel a pending change request (initiator only)",
        description="Details and history stay as they are.",
        errors=(ErrorDoc(NotInitiator), NOT_PENDING, ANONYMIZED),
        is_retry_safe=True,
    ),
}
