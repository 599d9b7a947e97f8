"""The history of a contact's details."""

from config.openapi.model import Node, OperationDoc
from config.openapi.operations.samples import ADVISER, CHANGE, REVIEWER
from config.openapi.texts import CONTACTS

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
}
