"""Lists: looking up items, and reading whole lists."""

from config.openapi.model import Node, OperationDoc
from config.openapi.texts import SCHEMAS_AND_LISTS

_CANTONS: list[Node] = [
    {
        "id": 4711,
        "uid": "0d1c2b3a-4f5e-4d6c-8b7a-9f8e7d6c5b4a",
        "label": "Zug",
        "key": "CH-ZG",
        "customAttributes": None,
    },
    {
        "id": 4712,
        "uid": "1e2d3c4b-5a6f-4e7d-9c8b-0a9f8e7d6c5b",
        "label": "Zurich",
        "key": "CH-ZH",
        "customAttributes": '{"capital":"Zurich"}',
    },
]

LIST_OPERATIONS = {
    "searchListItems": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Top items of a list for a lookup term",
        description=(
            "filter matches labels in the language of the answer anywhere, ignoring case and "
            "accents; labels that start with it come first, then the order of the list counts. "
            "limit is 10 when it is missing or 0, and 100 at most. Inactive items are hidden. "
            "includeId and includeKey (an addition to the contract) put one item on top, also an "
            "inactive one or one that does not match; an item of another list is nothing. "
            "totalCount counts the matches as if nothing had been included. "
            "isFilteredByHierarchy true gives the children of hierarchyListItemId, without an id "
            "the items that have no parent; false ignores the id; without the flag an id counts. "
            "An unknown listKey answers 404."
        ),
        request_example={
            "filter": "zu",
            "limit": 10,
            "isFilteredByHierarchy": True,
            "hierarchyListItemId": 217,
        },
        answer_example={"items": _CANTONS, "totalCount": 2},
    ),
    "listItems": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Items of the lists named, or of all",
        description=(
            "The active items in the order of each list. No listKeys, or none named, means all "
            "lists; an unknown one answers 400. customAttributes is JSON text."
        ),
        request_example={"listKeys": ["states"]},
        answer_example={"items": [{"listKey": "states", "listItems": _CANTONS}]},
    ),
}
