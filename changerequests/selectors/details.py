"""Details with their flags, as one read (D9)."""

from dataclasses import dataclass

from config.common.actors import Actor
from config.common.tokens import Credentials
from contacts.selectors.access import contact_reach

_COLUMNS = (
    "contact.details::text",
    "EXISTS (SELECT 1 FROM changerequests_changerequest request"
    " WHERE request.contact_id = contact.id AND request.status = 1)",
    "ARRAY(SELECT channel FROM contacts_pendingchannel pending"
    " WHERE pending.contact_id = contact.id)",
)


@dataclass(frozen=True, slots=True)
class FlaggedDetails:
    """The details as JSON text, never parsed on the way, with their version and flags."""

    contact_id: int
    version: int
    details: str
    has_pending_change_request: bool
    pending_channels: frozenset[str]


def flagged_details_reach(
    credentials: Credentials, contact_id: int
) -> tuple[Actor, FlaggedDetails | None]:
    """The actor, and the details unless the contact is out of reach. One statement, which also
    decides who calls (A2, A3); raises Unauthorized.
    """
    actor, contact = contact_reach(credentials, contact_id, _COLUMNS)
    if contact is None:
        return actor, None
    details, has_request, channels = contact.extra
    return actor, FlaggedDetails(
        contact_id=contact.id,
        version=contact.version,
        details=details,
        has_pending_change_request=has_request,
        pending_channels=frozenset(channels),
    )
