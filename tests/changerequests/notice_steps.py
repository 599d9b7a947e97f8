"""Requests that members hear of, and the emails that wait to be sent."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from changerequests.models import ChangeRequest
from config.common.models import OutboxMessage
from config.common.outbox.sealing import unseal
from contacts.models import Member
from tests.factories.fixtures import World
from tests.factories.submissions import hold

State = OutboxMessage.State


def give_addresses() -> None:
    for member in Member.objects.all():
        Member.objects.filter(pk=member.pk).update(email=f"{member.username}@example.com")


def held(world: World, **options: Any) -> ChangeRequest:
    contact = world.contact(**options)
    return hold(world.actor(world.anna), contact, {"person": {"lastName": "King"}})


def sent(kind: str, state: str = State.PENDING) -> list[tuple[str, dict[str, Any]]]:
    """Recipients and parameters of the messages of a kind."""
    messages = OutboxMessage.objects.filter(kind=kind, state=state).order_by("pk")
    contents = [unseal(bytes(message.sealed or b"")) for message in messages]
    return [(content["recipient"], content["parameters"]) for content in contents]


def let_wait(request: ChangeRequest, days: int) -> None:
    ChangeRequest.objects.filter(pk=request.pk).update(
        created_at=F("created_at") - timedelta(days=days)
    )
