"""The access matrix (rule A1): what each operation asks of its caller. Deny by default.

Operations are named by their OpenAPI `operationId`. A route whose operation is not in the table
is refused, and a test fails for it.
"""

from dataclasses import dataclass

from config.common.actors import Actor
from config.common.exceptions import Forbidden

SCOPES = {
    "contacts.read": "Read contacts, their history and change requests",
    "contacts.write": "Create contacts and change their details",
    "contacts.identity": "Change usernames and external connections",
    "contacts.skip-verification": "Change emails and mobiles without a verification key",
    "legalentities.read": "Read legal entities",
    "legalentities.write": "Create and change legal entities",
    "exports": "Export data as CSV",
    "imports": "Import data",
    "privacy": "Anonymise contacts and set retention",
    "schemas.write": "Change CRM schemas",
    "audit.read": "Read the audit log",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What an operation asks: the app's scope, the member's permission, both when both are there.

    `scope` or `permission` None: none is asked for. `apps` and `members` say who may call at all.
    """

    scope: str | None = None
    permission: str | None = None
    apps: bool = True
    members: bool = True


_ANYONE = Access()
_READ = Access("contacts.read", "contacts.view_contact")
_CHANGE = Access("contacts.write", "contacts.change_contact")
_CHANGE_SCHEMA = Access("schemas.write", "crmschema.change_crmschema")
_IDENTITY = Access("contacts.identity", members=False)

ACCESS: dict[str, Access] = {
    "createContact": Access("contacts.write", "contacts.add_contact"),
    "getContactDetails": _READ,
    "patchContactDetails": _CHANGE,
    "putContactDetails": _CHANGE,
    "putContactMembers": Access("contacts.write", "contacts.assign_contact"),
    "verifyChannel": _CHANGE,
    "resendChannelKey": _CHANGE,
    "discontinueChannelVerification": _CHANGE,
    "getContactDetailsAsOf": _READ,
    "getProfilePicture": _READ,
    "updateProfilePicture": _CHANGE,
    "deleteProfilePicture": _CHANGE,
    "getUsername": _READ,
    "updateUsername": _IDENTITY,
    "listExternalConnections": _READ,
    "addExternalConnection": _IDENTITY,
    "findContactByExternalConnection": _READ,
    "searchChangeHistory": _READ,
    "searchChangeHistoryV10": _READ,
    "getChangeRequest": _READ,
    "getChangeRequestV10": _READ,
    "checkPendingChangeRequest": _READ,
    "checkPendingChangeRequestV10": _READ,
    "searchChangeRequests": _READ,
    "searchChangeRequestsOfMember": _READ,
    "listChangeRequestStatuses": _ANYONE,
    "reviewChangeRequest": Access(
        "contacts.write", "changerequests.review_changerequest", apps=False
    ),
    # Being the initiator is what counts (C4); the service checks it.
    "cancelChangeRequest": Access("contacts.write", apps=False),
    "getSchema": _ANYONE,
    "getJsonSchema": _ANYONE,
    "getLayoutMetadata": _ANYONE,
    "getFieldsMetadata": _ANYONE,
    "updateSchema": _CHANGE_SCHEMA,
    "searchListItems": _ANYONE,
    "listItems": _ANYONE,
    "startSchemaCheck": _CHANGE_SCHEMA,
    "getSchemaCheck": _CHANGE_SCHEMA,
    "anonymizeContacts": Access("privacy", "contacts.anonymise_contact"),
    "getAnonymization": Access("privacy", "contacts.anonymise_contact"),
    "putContactRetention": Access("privacy", "contacts.retain_contact"),
    "getPersonalData": Access("privacy", "contacts.disclose_contact"),
    "searchAuditEvents": Access("audit.read", "common.view_auditevent"),
}


def require_access(actor: Actor, operation: str) -> None:
    """Refuse `actor` unless the matrix allows `operation`; an unknown operation is refused too.

    Raises Forbidden (403).
    """
    if not is_allowed(actor, operation):
        raise Forbidden("The caller is not allowed to use this operation.")


def is_allowed(actor: Actor, operation: str) -> bool:
    """Whether the matrix lets `actor` use `operation` (rule A1)."""
    access = ACCESS.get(operation)
    if access is None:
        return False
    if access.scope is not None and not actor.has_scope(access.scope):
        return False
    if not actor.is_member:
        return access.apps and actor.app_id is not None
    if access.permission is not None and not actor.has_permission(access.permission):
        return False
    return access.members
