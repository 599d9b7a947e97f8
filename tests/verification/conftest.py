"""A contact with an email and a mobile, and the operations on what waits."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.http import HttpResponse

from contacts.models import ChangeSet, Contact, PendingChannel
from tests.factories.api import Api, details_path, verification_path
from tests.factories.fixtures import World
from tests.factories.schemas import tiny_details

STORED, NEW, OTHER = "ada@example.com", "new@example.com", "other@example.com"
MOBILE = "+41791234567"
Verify = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def time_stands_still(request: pytest.FixtureRequest) -> None:
    """But for tests whose threads have connections of their own."""
    if "transactional_db" not in request.fixturenames and "db" in request.fixturenames:
        request.getfixturevalue("stopped_clock")


@pytest.fixture
def contact(world: World) -> Contact:
    return make(world)


@pytest.fixture
def committed(committed_world: World, settings: Any) -> Contact:
    """The same, visible to other threads, whose rounds need more keys than an address gets."""
    settings.VERIFICATION_KEYS_PER_ADDRESS_AND_HOUR = 30
    return make(committed_world)


@pytest.fixture
def anna(world: World) -> Api:
    return world.api(world.anna)


def make(world: World, email: str = STORED) -> Contact:
    return world.contact({**tiny_details(), "channels": {"email": email}})


def ask(api: Api, contact: Contact, email: str | None = NEW, **headers: str) -> HttpResponse:
    """A change of the email."""
    return api.patch(
        details_path(contact.pk), {"details": {"channels": {"email": email}}}, **headers
    )


def verify(
    api: Api, contact: Contact, key: str | None, channel: str = "Email", **headers: str
) -> HttpResponse:
    path = verification_path(contact.pk, "verify")
    return api.post(path, {"channel": channel, "key": key}, **headers)


def resend(api: Api, contact: Contact, channel: str = "Email", **headers: str) -> HttpResponse:
    return api.post(verification_path(contact.pk, "resend"), {"channel": channel}, **headers)


def discontinue(api: Api, contact: Contact, channel: str = "Email", **headers: str) -> HttpResponse:
    return api.post(verification_path(contact.pk, "discontinue"), {"channel": channel}, **headers)


def refusal(response: HttpResponse) -> tuple[int, str]:
    """Status and sub-code."""
    return response.status_code, orjson.loads(response.content)["subCode"]


def stored_email(contact: Contact) -> Any:
    return Contact.objects.get(pk=contact.pk).details.get("channels", {}).get("email")


def pending(contact: Contact, channel: str = "Email") -> str | None:
    rows = PendingChannel.objects.filter(contact=contact, channel=channel)
    return rows.values_list("value", flat=True).first()


def attempts(contact: Contact) -> int:
    return PendingChannel.objects.get(contact=contact, channel="Email").attempts


def versions(contact: Contact) -> list[int]:
    rows = ChangeSet.objects.filter(contact=contact).order_by("version")
    return list(rows.values_list("version", flat=True))


def retry_after(response: object) -> int:
    return int(response["Retry-After"])
