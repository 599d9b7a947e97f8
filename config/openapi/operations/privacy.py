"""Anonymising, retention, subject access and the audit log."""

from config.openapi.model import ErrorDoc, Node, OperationDoc
from config.openapi.operations.samples import ADVISER, ANONYMIZED, CONTACT_UID, DETAILS
from config.openapi.texts import CONTACTS, PRIVACY
from contacts.exceptions import RetentionActive

_JOB = "3c1f6a52-8d0e-4b7a-9f25-6e4d3c2b1a09"
_CONTACT: Node = {
    "id": 17,
    "uid": CONTACT_UID,
    "contactType": "client",
    "name": "Shannon Crawford",
    "username": "shannon.crawford",
    "createdAt": "2026-01-12T08:00:00Z",
    "anonymisedAt": None,
    "retainUntil": None,
    "retentionReason": None,
    "version": 3,
    "details": DETAILS,
}

PRIVACY_OPERATIONS = {
    "anonymizeContacts": OperationDoc(
        tag=CONTACTS,
        summary="Anonymise contacts",
        description=(
            "Takes ids, uids or both. Everything personal is removed from every store and cannot "
            "be brought back; ids, dates, paths and who changed what stay. Pending change requests "
            "end as Cancelled, later writes answer 409 ContactAnonymized. Unknown ids: 404 with "
            "contactIds and contactUIds in properties, and nobody is changed. Contacts that must "
            "be kept: 409 RetentionActive with contactIds in properties, and nobody is changed. "
            "Repeating it is harmless. Up to 500 contacts are done when 204 comes, all or none; "
            "more, up to 10,000, become a job that goes on by itself: 202 with its address. "
            "reason, which the audit log keeps for ever, and 202 are additions to the contract."
        ),
        errors=(ErrorDoc(RetentionActive, {"contactIds": [17]}),),
        other_answers={202: ("Accepted: more than 500 contacts, as a job", ("Location",))},
        request_example={
            "contactIds": [17],
            "contactUIds": [CONTACT_UID],
            "reason": "Request of the person, case 2026-114",
        },
        is_retry_safe=True,
    ),
    "getAnonymization": OperationDoc(
        tag=PRIVACY,
        summary="How far a large request to anonymise is",
        description=(
            "For who made it; others: 404. retainedContactIds are contacts that must be kept since "
            "the request was accepted, and were left out. An addition to the contract."
        ),
        answer_example={
            "anonymizationId": _JOB,
            "status": "Running",
            "totalCount": 2400,
            "anonymizedCount": 1250,
            "retainedContactIds": [],
            "createdDate": "2026-03-02T09:30:00Z",
            "finishedDate": None,
        },
    ),
    "putContactRetention": OperationDoc(
        tag=PRIVACY,
        summary="Say until when a contact must be kept",
        description=(
            "Before that moment anonymising answers 409 RetentionActive; null lets go of the "
            "contact. A date of the contact type counts too. An addition to the contract."
        ),
        errors=(ANONYMIZED,),
        request_example={
            "retainUntil": "2036-12-31T00:00:00Z",
            "reason": "Ten years after the end of the relationship",
        },
        is_retry_safe=True,
    ),
    "getPersonalData": OperationDoc(
        tag=PRIVACY,
        summary="Everything that is held on a contact",
        description=(
            "For the person's right of access: every store of personal data with what it holds "
            "and what an erasure keeps of it, and who can read it. Members are named by uid. The "
            "call is audited. An addition to the contract."
        ),
        answer_example={
            "contactId": 17,
            "generatedAt": "2026-03-02T09:30:00Z",
            "recipients": {
                "adviserUids": [],
                "managerUids": [],
                "readerOfAllUids": [],
                "apps": ["adviser-desk"],
            },
            "stores": [
                {
                    "name": "contact",
                    "keptAfterErasure": "Id, uid, type, dates and version.",
                    "data": _CONTACT,
                }
            ],
        },
    ),
    "searchAuditEvents": OperationDoc(
        tag=PRIVACY,
        summary="Search the audit log",
        description=(
            "Every accepted write but changes of details, which are in the change history; latest "
            "first. sortBy takes createDate, operation and objectType. A null filter does not "
            "filter, an empty one matches nothing. Events about contacts and change requests out "
            "of the caller's reach are left out. An addition to the contract."
        ),
        request_example={
            "createDateFrom": "2026-01-01T00:00:00Z",
            "operations": ["anonymizeContact"],
            "objectTypes": ["contact"],
            "objectIds": ["17"],
        },
        answer_example={
            "results": [
                {
                    "id": 801,
                    "createDate": "2026-03-02T09:30:00Z",
                    "member": ADVISER,
                    "app": {"clientId": "privacy-desk", "name": "Privacy desk"},
                    "operation": "anonymizeContact",
                    "objectType": "contact",
                    "objectId": "17",
                    "fields": ["contact", "history"],
                    "reason": "Request of the person, case 2026-114",
                    "correlationId": "7f0c9a3e5b1d4c6f8a2e0b9d3c5f7a1e",
                }
            ],
            "page": 0,
            "pageSize": 25,
            "pageCount": 1,
            "totalCount": 1,
        },
    ),
}
