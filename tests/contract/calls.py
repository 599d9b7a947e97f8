"""How tests call every operation that has a route."""

import re
from typing import Any

from config.common.routes import api_routes

UNKNOWN_ID = 2**31 - 1
UNKNOWN_UID = "00000000-0000-4000-8000-000000000000"
NO_DETAILS: dict[str, Any] = {"details": {}}
# Bodies of the right form.
BODIES: dict[str, dict[str, Any]] = {
    "createContact": {"contactTypeId": UNKNOWN_ID, **NO_DETAILS},
    "patchContactDetails": NO_DETAILS,
    "putContactDetails": NO_DETAILS,
    "putContactMembers": {"memberUids": []},
    "verifyChannel": {"channel": "Email", "key": "012345"},
    "resendChannelKey": {"channel": "Email"},
    "discontinueChannelVerification": {"channel": "Email"},
    "searchAuditEvents": {},
    "anonymizeContacts": {"contactIds": [UNKNOWN_ID]},
    "putContactRetention": {"retainUntil": None, "reason": "x"},
    "updateProfilePicture": {"imageContentBase64": "AAAA"},
    "updateUsername": {"username": "ada"},
    "addExternalConnection": {"system": "Sso", "externalId": "a-1"},
    "searchChangeHistory": {},
    "searchChangeHistoryV10": {},
    "searchChangeRequests": {},
    "searchChangeRequestsOfMember": {},
    "reviewChangeRequest": {"isApproved": True},
    "updateSchema": {"schema": "{}", "concurrencyToken": 1},
    "startSchemaCheck": {"schema": "{}", "concurrencyToken": 1},
    "getFieldsMetadata": {},
    "searchListItems": {},
    "listItems": {},
}


def address(route: str) -> str:
    """A route with an id that nothing has."""
    return "/" + re.sub(r"<[^>]*>", str(UNKNOWN_ID), re.sub(r"<uuid:[^>]*>", UNKNOWN_UID, route))


def calls() -> dict[str, tuple[str, str]]:
    """Method and address of every operation."""
    return {
        operation: (method.upper(), address(route))
        for route, view in api_routes()
        for method, operation in view.operations.items()
    }
