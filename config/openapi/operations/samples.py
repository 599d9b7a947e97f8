"""Values and errors that the examples of several operations share. Everybody is made up."""

from changerequests.exceptions import (
    ChangeRequestConflict,
    ChangeRequestNotPending,
    PendingChangeRequestExists,
)
from config.openapi.model import ErrorDoc, Node
from contacts.exceptions import (
    ContactAnonymized,
    DetailsInvalid,
    DetailsNoLongerValid,
    StaleDetails,
    TooManyKeys,
    UsernameNotUnique,
)

CONTACT_UID = "4b6f1c1e-6a56-4d3c-9d0a-0d5a2f6f9b01"
REQUEST_UID = "9a0d8f6e-2f43-4c1d-8f0e-5b7c6d1e2f30"
ADVISER: Node = {"uid": "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b", "name": "Anna Keller"}
REVIEWER: Node = {"uid": "2a3b4c5d-6e7f-4081-92a3-b4c5d6e7f809", "name": "Petra Moser"}
ADVISER_BY_ID: Node = {"id": 12, "name": "Anna Keller"}
REVIEWER_BY_ID: Node = {"id": 3, "name": "Petra Moser"}
STATUSES: list[Node] = [
    {"id": 1, "name": "Pending"},
    {"id": 2, "name": "Approved"},
    {"id": 3, "name": "Rejected"},
    {"id": 4, "name": "Cancelled"},
    {"id": 5, "name": "Superseded"},
]
CHANGE: Node = {
    "path": "personalInformation.lastName",
    "originalValue": "Crawford",
    "targetValue": "Miller",
    "isApprovalRequired": True,
}
DETAILS: Node = {
    "personalInformation": {
        "firstName": "Shannon",
        "lastName": "Crawford",
        "displayName": "Shannon Crawford",
    },
    "contactInformation": {"primaryEmail": "shannon.crawford@example.com"},
}

_DETAIL_ERRORS: Node = {
    "errors": [
        {
            "path": "contactInformation.addresses[0].city",
            "code": "Required",
            "message": "The value is required.",
        }
    ]
}

DETAILS_INVALID = ErrorDoc(DetailsInvalid, _DETAIL_ERRORS)
DETAILS_NO_LONGER_VALID = ErrorDoc(DetailsNoLongerValid, _DETAIL_ERRORS)
USERNAME_NOT_UNIQUE = ErrorDoc(UsernameNotUnique)
TOO_MANY_KEYS = ErrorDoc(TooManyKeys)
STALE_DETAILS = ErrorDoc(StaleDetails)
ANONYMIZED = ErrorDoc(ContactAnonymized)
PENDING_EXISTS = ErrorDoc(PendingChangeRequestExists, {"changeRequestId": 4})
NOT_PENDING = ErrorDoc(ChangeRequestNotPending, {"changeRequestId": 4})
CONFLICT = ErrorDoc(
    ChangeRequestConflict,
    {
        "conflicts": [
            {
                "path": "personalInformation.lastName",
                "rowId": None,
                "originalValue": "Crawford",
                "currentValue": "Crawford-Jones",
                "targetValue": "Miller",
            }
        ]
    },
)
