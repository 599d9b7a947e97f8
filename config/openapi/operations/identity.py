"""Usernames and external connections."""

from config.openapi.model import ErrorDoc, OperationDoc
from config.openapi.operations.samples import ANONYMIZED, CONTACT_UID, USERNAME_NOT_UNIQUE
from config.openapi.texts import CONTACTS
from contacts.exceptions import DefaultIdExists, ExternalIdNotUnique, UsernameCoupled

IDENTITY_OPERATIONS = {
    "getUsername": OperationDoc(
        tag=CONTACTS,
        summary="Username",
        description="Null where the contact has none.",
        answer_example={"username": "shannon.crawford"},
    ),
    "updateUsername": OperationDoc(
        tag=CONTACTS,
        summary="Change the username",
        description=(
            "1 to 254 characters, compared by NFKC and case folding across all contacts. Not where "
            "the username is coupled with the primary email: it then follows the email. The name "
            "of a contact whose details hold none follows the username."
        ),
        errors=(USERNAME_NOT_UNIQUE, ErrorDoc(UsernameCoupled), ANONYMIZED),
        request_example={"username": "shannon.miller"},
        is_retry_safe=True,
    ),
    "listExternalConnections": OperationDoc(
        tag=CONTACTS,
        summary="External connections",
        description="By system and id. Imports use the id of the system Default.",
        answer_example={
            "connections": [
                {"externalId": "CRM-000017", "system": "Default"},
                {"externalId": "crawford@sso.example.com", "system": "Sso"},
            ]
        },
    ),
    "addExternalConnection": OperationDoc(
        tag=CONTACTS,
        summary="Add an external connection",
        description=(
            "The id is trimmed, has 1 to 255 characters and belongs to one contact, whatever the "
            "system; a contact may use it in several systems. The systems are a setting, by "
            "default Default, Cbs and Sso; a contact has at most one id of Default. Adding a pair "
            "again changes nothing."
        ),
        errors=(ErrorDoc(ExternalIdNotUnique), ErrorDoc(DefaultIdExists), ANONYMIZED),
        request_example={"externalId": "crawford@sso.example.com", "system": "Sso"},
        is_retry_safe=True,
    ),
    "findContactByExternalConnection": OperationDoc(
        tag=CONTACTS,
        summary="Contact identifier by external connection",
        description=(
            "The id is percent-encoded in the address as UTF-8 (a slash as %2F, a percent sign as "
            "%25). An unknown system is a 400."
        ),
        answer_example={"id": 17, "uid": CONTACT_UID},
    ),
}
