"""Lists on the API."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import ApiView, Output, json_answer, raw_json_answer
from config.common.json import dumps
from lists.presenters import item_output
from lists.selectors import Lookup, list_contents, list_items_lookup
from lists.selectors.lookup import DEFAULT_LIMIT
from lists.serializers import (
    ListItemsInput,
    ListItemsOutput,
    ListSearchInput,
    ListSearchOutput,
)


class ListSearchView(ApiView):
    operations: ClassVar = {"post": "searchListItems"}
    inputs: ClassVar = {"post": ListSearchInput}
    outputs: ClassVar = {"post": Output(ListSearchOutput)}

    def post(self, request: Request, list_key: str) -> HttpResponse:
        """The first items of a list for a lookup term."""
        found = list_items_lookup(
            list_key=list_key, lookup=_lookup(self.body()), language=self.language
        )
        items = [item_output(item) for item in found.items]
        return json_answer({"items": items, "totalCount": found.total_count})


class ListItemsView(ApiView):
    operations: ClassVar = {"post": "listItems"}
    inputs: ClassVar = {"post": ListItemsInput}
    outputs: ClassVar = {"post": Output(ListItemsOutput)}

    def post(self, request: Request) -> HttpResponse:
        """The items of the lists named, or of all."""
        contents = list_contents(keys=self.body().get("list_keys"), language=self.language)
        lists = (b'{"listKey":%b,"listItems":%b}' % (dumps(key), items) for key, items in contents)
        return raw_json_answer(b'{"items":[%b]}' % b",".join(lists))


def _lookup(body: dict[str, Any]) -> Lookup:  # Any: by field
    """A flag decides about the hierarchy; without one, an id does (S7)."""
    parent_id = body.get("hierarchy_list_item_id")
    flag = body.get("is_filtered_by_hierarchy")
    return Lookup(
        text=body.get("filter") or "",
        limit=body.get("limit") or DEFAULT_LIMIT,
        by_parent=parent_id is not None if flag is None else flag,
        parent_id=parent_id,
        include_id=body.get("include_id"),
        include_key=body.get("include_key"),
    )
