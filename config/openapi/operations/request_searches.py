"""Searching change requests."""

from config.openapi.model import Node, OperationDoc
from config.openapi.operations.samples import (
    ADVISER,
    ADVISER_BY_ID,
    CONTACT_UID,
    REVIEWER,
    REVIEWER_BY_ID,
    STATUSES,
)
from config.openapi.texts import CHANGE_REQUESTS

_FILTERS = (
    "A filter that is null or missing does not filter; an empty array matches nothing. …From is "
    "inclusive, …To exclusive. paths finds requests that change one of the paths or anything below "
    "it, with or without the indexes of rows. sortBy is one of Id, StatusId, CreateDate, "
    "InitiatorMemberId, ContactId, ReviewDate, ReviewMemberId; what has not been reviewed comes "
    "first in ascending order. Requests of legal entities are not among the results. "
    "excludeHierarchy leaves out contacts that are advised by members below only; it has no effect "
    "for apps."
)


def _search(initiators: Node) -> Node:
    return {
        "statusId": 2,
        "createDateFrom": "2026-03-01T00:00:00Z",
        "createDateTo": "2026-04-01T00:00:00Z",
        **initiators,
        "paths": ["personalInformation.lastName"],
        "sortBy": "ReviewDate",
        "sortOrder": "Descending",
        "page": 0,
        "pageSize": 25,
    }


def _page(initiator: Node, reviewer: Node) -> Node:
    row = {
        "id": 4,
        "contact": {"id": 17, "uId": CONTACT_UID, "name": "Shannon Miller"},
        "status": STATUSES[1],
        "createDate": "2026-03-01T16:05:00Z",
        "initiatorMember": initiator,
        "reviewDate": "2026-03-02T09:30:00Z",
        "reviewMember": reviewer,
    }
    return {"results": [row], "page": 0, "pageSize": 25, "pageCount": 1, "totalCount": 1}


REQUEST_SEARCH_OPERATIONS = {
    "searchChangeRequests": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Search change requests",
        description=f"The change requests on contacts within reach. {_FILTERS}",
        request_example=_search({"initiatorMemberUids": [ADVISER["uid"]]}),
        answer_example=_page(ADVISER, REVIEWER),
    ),
    "searchChangeRequestsOfMember": OperationDoc(
        tag=CHANGE_REQUESTS,
        summary="Search the change requests that a member can see",
        description=(
            "Use POST /v1.0/contacts/change-requests/search instead. memberId is the caller or a "
            f"member below it, for apps any member; any other answers 404. {_FILTERS}"
        ),
        request_example=_search({"initiatorMemberIds": [ADVISER_BY_ID["id"]]}),
        answer_example=_page(ADVISER_BY_ID, REVIEWER_BY_ID),
    ),
}
