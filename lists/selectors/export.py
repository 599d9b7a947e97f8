"""A list as CSV, in the form that an import takes back."""

import csv
import json
from collections.abc import Iterator
from io import StringIO

from django.conf import settings
from django.db.models import QuerySet

from lists.importing.formulas import neutralised
from lists.models import List, ListItem

_BOM = "\ufeff"


def list_csv(target: List) -> Iterator[str]:
    """The items in their order, inactive ones too, in pieces of text. UTF-8 with BOM, RFC 4180;
    no cell is a formula (E2). Parents of other lists are named `list:KEY`.
    """
    items = ListItem.objects.filter(list=target).select_related("parent__list")
    languages = _languages(items)
    labels = [f"label.{language}" for language in languages]
    yield _BOM + _line(["key", *labels, "parent", "position", "is_active", "custom_attributes"])
    for item in items.order_by("position", "key").iterator(2_000):
        yield _line(
            [
                item.key,
                *(item.labels.get(language, "") for language in languages),
                _parent_name(target, item),
                str(item.position),
                "true" if item.is_active else "false",
                _attributes(item),
            ]
        )


def _languages(items: QuerySet[ListItem]) -> list[str]:
    """Those of the settings, then those that labels have beside them."""
    own = [language for language, _ in settings.LANGUAGES]
    found = {language for labels in items.values_list("labels", flat=True) for language in labels}
    return [*own, *sorted(found - set(own))]


def _parent_name(target: List, item: ListItem) -> str:
    if item.parent is None:
        return ""
    is_own = item.parent.list_id == target.pk
    return item.parent.key if is_own else f"{item.parent.list.key}:{item.parent.key}"


def _attributes(item: ListItem) -> str:
    if item.custom_attributes is None:
        return ""
    return json.dumps(item.custom_attributes, ensure_ascii=False)


def _line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow([neutralised(cell) for cell in cells])
    return text.getvalue()
