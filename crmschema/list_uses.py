"""Where schemas use a list, and how to find documents that hold one of its items."""

import json
from collections.abc import Iterable, Mapping

from django.db.models import BooleanField, F, Func, JSONField, TextField, Value

from crmschema.compiler.model import Field
from crmschema.models import CrmSchema
from crmschema.selectors import compiled


def fields_of_list(list_key: str) -> Mapping[str, tuple[Field, ...]]:
    """By schema key, the fields whose values are items of the list; schemas without any are
    absent. One statement, and one for each schema.
    """
    found = {}
    for key in CrmSchema.objects.order_by("key").values_list("key", flat=True):
        fields = tuple(field for field in compiled(key).fields if field.list_key == list_key)
        if fields:
            found[key] = fields
    return found


class HoldsItem(Func):
    """Whether the document in `details` holds the item in one of the fields.

    One pass over the document for all fields. The lax mode of SQL/JSON paths looks into rows of
    grids and values of lists by itself.
    """

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, fields: Iterable[Field], item_key: str) -> None:
        conditions = " || ".join(f"@{_accessors(field)} == $item" for field in fields)
        path = f"$ ? ({conditions})"
        super().__init__(
            F("details"),
            Func(Value(path, TextField()), template="(%(expressions)s)::jsonpath"),
            Value({"item": item_key}, JSONField()),
        )


def _accessors(field: Field) -> str:
    return "".join(f".{json.dumps(key)}" for key in field.path.split("."))
