"""Calls that anonymise, and everything that a refused one must leave as it is."""

from typing import Any

from django.http import HttpResponse

from changerequests.models import ChangeRequest
from config.common.models import AuditEvent
from contacts.models import ChangeSet, Contact
from tests.factories.api import Api

PATH = "/v1.0/contacts/anonymize"


def anonymise(api: Api, **body: Any) -> HttpResponse:
    return api.post(PATH, body)


def state() -> tuple[Any, ...]:
    """Everything that a refused call must leave as it is."""
    return (
        list(Contact.objects.order_by("pk").values()),
        list(ChangeSet.objects.order_by("pk").values()),
        list(ChangeRequest.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
    )
