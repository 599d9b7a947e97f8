"""The history of a contact's details."""

from config.openapi.model import ErrorDoc, Node, OperationDoc
from config.openapi.operations.samples import ADVISER, CHANGE, DETAILS, REVIEWER
from config.openapi.texts import CONTACTS
from contacts.exceptions import DetailsErased

_SEARCH = (
    "One result for each applied submission, latest first; executionDate is when it took "
    "effect. sortBy takes contactChangeSetId, executionDate and initiatorPersonId. A null "
    "filter does not filter, an empty one matches nothing. paths match the path and all "
    "below it, with or without indexes. "
)
_FILTERS: Node = {
    "page": 0,
    "pageSize": 25,
    "sortOrder": "Descending",
    "sortBy": "executionDate",
    "executionDateFrom": "2026-01-01T00:00:00Z",
    "paths": ["personalInformation"],
}
_PAGE: Node = {"page": 0, "pageSize": 25, "pageCount": 1, "totalCount": 1}

HISTORY_OPERATIONS = {
    "searchChangeHistory": OperationDoc(
        tag=CONTACTS,
        summary="Change history by submission",
        description=(
            _SEARCH + "From app on, the members of a result are additions to the contract."
        ),
        request_example=_FILTERS,
        answer_example={
            "results": [
                {
                    "initiatorPerson": ADVISER,
                    "executionDate": "2026-03-02T09:30:00Z",
                    "details": [CHANGE],
                    "app": {"clientId": "adviser-desk", "name": "Adviser desk"},
                    "comment": "Name after the wedding",
                    "source": "ChangeRequest",
                    "changeRequestId": 4,
                    "reviewer": REVIEWER,
                }
            ],
            **_PAGE,
        },
    ),
    "searchChangeHistoryV10": OperationDoc(
        tag=CONTACTS,
        summary="Change history by submission (persons by integer id)",
        description=_SEARCH + "Use v1.1, which knows who carried the call and who approved it.",
        request_example={**_FILTERS, "initiatorPersonIds": [3]},
        answer_example={
            "results": [
                {
                    "initiatorPerson": {"id": 3, "name": ADVISER["name"]},
                    "executionDate": "2026-03-02T09:30:00Z",
                    "details": [CHANGE],
                }
            ],
            **_PAGE,
        },
    ),
    "getContactDetailsAsOf": OperationDoc(
        tag=CONTACTS,
        summary="Details as they were at a past moment",
        description=(
            "Rebuilt from the history: what had taken effect by then. version is the one that the "
            "details had, executionDate since when. Before the creation: 404. Before the erasure "
            "of an anonymised contact: 410, because what is left in its history is not what the "
            "details were. An addition to the contract."
        ),
        errors=(ErrorDoc(DetailsErased),),
        query_times={"asOf": "The moment; without an offset it is UTC. Not in the future."},
        answer_example={
            "id": 17,
            "asOf": "2026-01-01T00:00:00Z",
            "version": 3,
            "executionDate": "2025-11-12T08:15:00Z",
            "details": DETAILS,
        },
    ),
}
