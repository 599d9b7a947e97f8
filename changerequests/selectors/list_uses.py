"""How many pending change requests ask for an item of a list (S6)."""

from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, F, Func, JSONField, TextField, Value
from django.db.models.functions import Coalesce

from changerequests.models import ChangeRequest
from crmschema.documents import Change
from crmschema.list_uses import fields_of_list

_LEGAL_ENTITY_SCHEMA = "legalentity"


def requests_with_item(list_key: str, item_key: str) -> int:
    """The pending requests, within reach or not, one of whose target values is the item.

    The statement narrows them down by value, whatever the path; few are left to look into.
    """
    paths = {
        (schema_key, field.path)
        for schema_key, fields in fields_of_list(list_key).items()
        for field in fields
    }
    candidates = (
        ChangeRequest.objects.filter(_HoldsTarget(item_key), status=ChangeRequest.Status.PENDING)
        .annotate(
            schema_key=Coalesce("contact__contact_type__schema__key", Value(_LEGAL_ENTITY_SCHEMA))
        )
        .values_list("schema_key", "details")
    )
    return sum(_asks(key, details, paths, item_key) for key, details in candidates)


class _HoldsTarget(Func):
    """Lax SQL/JSON paths look into arrays on their own, those of values too."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, item_key: str) -> None:
        path = Func(
            Value("$ ? (@.target == $item)", TextField()), template="(%(expressions)s)::jsonpath"
        )
        super().__init__(F("details"), path, Value({"item": item_key}, JSONField()))


def _asks(
    schema_key: str,
    details: list[dict[str, Any]],  # Any: JSON values
    paths: Collection[tuple[str, str]],
    item_key: str,
) -> bool:
    """Whether one of a request's changes is to the item, in a field of the list."""
    for change in map(Change.from_json, details):
        values = change.target if isinstance(change.target, list) else [change.target]
        if item_key in values and (schema_key, change.field_path) in paths:
            return True
    return False
