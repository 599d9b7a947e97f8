"""Contacts, their details and advisers."""

from config.openapi.model import Node, OperationDoc
from config.openapi.operations.samples import (
    ADVISER,
    ANONYMIZED,
    CONTACT_UID,
    DETAILS,
    DETAILS_INVALID,
    PENDING_EXISTS,
    STALE_DETAILS,
    TOO_MANY_KEYS,
    USERNAME_NOT_UNIQUE,
)
from config.openapi.texts import CONTACTS

_SKIP_VERIFICATION = {
    "skipVerification": (
        "Apply a new email or mobile at once; needs the scope contacts.skip-verification."
    )
}
_APPROVAL = (
    "A member's change of a field that requires approval is held whole as a change request, and "
    "isApprovalRequired is true. A new email or mobile that requires verification waits until its "
    "key is sent back. An app is not subject to approval. Nothing changed: 200, without history. "
    "comment is kept with the change; changeRequestId, the request that holds it, is an addition "
    "to the contract."
)
_UPDATED: Node = {
    "isApprovalRequired": True,
    "hasPendingEmail": False,
    "hasPendingMobile": False,
    "changeRequestId": 4,
}
_UPDATE_ERRORS = (
    DETAILS_INVALID,
    ANONYMIZED,
    PENDING_EXISTS,
    STALE_DETAILS,
    USERNAME_NOT_UNIQUE,
    TOO_MANY_KEYS,
)

CONTACT_OPERATIONS = {
    "createContact": OperationDoc(
        tag=CONTACTS,
        summary="Create a contact",
        description=(
            "The details must satisfy the schema of the contact type. A member that creates a "
            "contact advises it. correlationId makes a retry safe as Idempotency-Key does. "
            "memberUids, who advises the contact, is an addition to the contract."
        ),
        errors=(DETAILS_INVALID, USERNAME_NOT_UNIQUE, ANONYMIZED),
        request_example={
            "contactTypeId": 1,
            "username": "shannon.crawford",
            "details": DETAILS,
            "correlationId": "onboarding-2026-0017",
            "memberUids": [ADVISER["uid"]],
        },
        answer_example={"id": 17, "uId": CONTACT_UID, "details": DETAILS},
        answer_headers=("ETag", "Location"),
        is_retry_safe=True,
    ),
    "getContactDetails": OperationDoc(
        tag=CONTACTS,
        summary="All details of a contact",
        description="List values are the keys of their items.",
        answer_example={
            "id": 17,
            "hasPendingChangeRequest": True,
            "hasPendingEmail": False,
            "hasPendingMobile": False,
            "details": DETAILS,
        },
        answer_headers=("ETag",),
    ),
    "patchContactDetails": OperationDoc(
        tag=CONTACTS,
        summary="Change some details",
        description=(
            "A JSON merge patch (RFC 7396): null removes, arrays are replaced whole. " + _APPROVAL
        ),
        errors=_UPDATE_ERRORS,
        request_example={
            "details": {"personalInformation": {"lastName": "Miller"}},
            "comment": "Name after the wedding",
        },
        answer_example=_UPDATED,
        answer_headers=("ETag",),
        query_flags=_SKIP_VERIFICATION,
        honours_if_match=True,
        is_retry_safe=True,
    ),
    "putContactDetails": OperationDoc(
        tag=CONTACTS,
        summary="Replace the details",
        description=(
            "What is missing is cleared, but for fields that the caller may not write. " + _APPROVAL
        ),
        errors=_UPDATE_ERRORS,
        request_example={"details": DETAILS, "comment": "Checked at the yearly review"},
        answer_example=_UPDATED,
        answer_headers=("ETag",),
        query_flags=_SKIP_VERIFICATION,
        honours_if_match=True,
        is_retry_safe=True,
    ),
    "putContactMembers": OperationDoc(
        tag=CONTACTS,
        summary="Say who advises a contact",
        description=(
            "Replaces all assignments, also by none; who may reach the contact changes with the "
            "next request. An addition to the contract."
        ),
        errors=(ANONYMIZED,),
        request_example={"memberUids": [ADVISER["uid"]]},
        is_retry_safe=True,
    ),
}
