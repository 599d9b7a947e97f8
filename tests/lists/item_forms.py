"""The form of an item, and the event that an edit leaves."""

from config.common.models import AuditEvent
from lists.models import List

LISTS, ITEMS = "/admin/lists/list/", "/admin/lists/listitem/"


def last_event() -> tuple[str, str, list[str]]:
    event = AuditEvent.objects.order_by("id").last()
    return event.member.username, event.operation, event.fields


def form(target: List, **values: object) -> dict[str, object]:
    return {
        "list": target.pk,
        "key": "RED",
        "label_en": "Red",
        "label_de": "",
        "label_fr": "",
        "other_labels": "",
        "parent": "",
        "custom_attributes": "",
        "position": "",
        **values,
    }
