"""The history of a contact's details."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import Output, json_answer
from config.common.dates import moment_parameter, require_order
from config.common.paging import PageRequest, page_result, parse_sort
from contacts.api import ContactView
from contacts.models import ChangeSet
from contacts.presenters import change_set_output, change_set_v10_output
from contacts.selectors.history import SORT_FIELDS, HistoryQuery, history_search
from contacts.selectors.past import details_as_of
from contacts.serializers import (
    HistoryPageOutput,
    HistoryPageV10Output,
    HistorySearchInput,
    HistorySearchV10Input,
    PastDetailsOutput,
)
from crmschema.compiler.model import CompiledSchema
from crmschema.selectors import compiled

Presenter = Callable[[CompiledSchema, ChangeSet, str], dict[str, Any]]  # Any: JSON values


class ContactHistoryView(ContactView):
    operations: ClassVar = {"post": "searchChangeHistory"}
    inputs: ClassVar = {"post": HistorySearchInput}
    outputs: ClassVar = {"post": Output(HistoryPageOutput)}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Search the change history, a submission at a time."""
        return _found(self, change_set_output)


class ContactHistoryV10View(ContactView):
    operations: ClassVar = {"post": "searchChangeHistoryV10"}
    inputs: ClassVar = {"post": HistorySearchV10Input}
    outputs: ClassVar = {"post": Output(HistoryPageV10Output)}
    successors: ClassVar = {
        "post": "/v1.1/contacts/{contact_id}/details/change-history/search",
    }

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """The same with persons by their integer ids."""
        return _found(self, change_set_v10_output)


class PastDetailsView(ContactView):
    operations: ClassVar = {"get": "getContactDetailsAsOf"}
    outputs: ClassVar = {"get": Output(PastDetailsOutput)}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """The details of a past moment."""
        moment = moment_parameter(request.GET.get("asOf"), name="asOf")
        contact = self.contact()
        past = details_as_of(ref=contact.ref, moment=moment)
        return json_answer(
            {
                "id": contact.id,
                "asOf": moment,
                "version": past.version,
                "executionDate": past.since,
                "details": past.details,
            }
        )


def _found(view: ContactView, present: Presenter) -> HttpResponse:
    query = _query(view.body())
    ref = view.contact().ref
    found = history_search(ref=ref, query=query)
    schema = compiled(ref.schema_key)
    rows = [present(schema, each, view.language) for each in found.results]
    return json_answer(page_result(query.page, rows, found.total_count).as_json())


def _query(body: dict[str, Any]) -> HistoryQuery:  # Any: by field
    executed_from, executed_to = body.get("execution_date_from"), body.get("execution_date_to")
    require_order(executed_from, executed_to, name="executionDate")
    return HistoryQuery(
        page=PageRequest.parse(body.get("page"), body.get("page_size")),
        sort=parse_sort(
            body.get("sort_by"), body.get("sort_order"), SORT_FIELDS, latest="executed_at"
        ),
        member_uids=body.get("initiator_person_uids"),
        member_ids=body.get("initiator_person_ids"),
        executed_from=executed_from,
        executed_to=executed_to,
        paths=body.get("paths"),
    )
