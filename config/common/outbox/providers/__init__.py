"""What sends messages: one provider for each channel, named by the setting MESSAGE_PROVIDERS."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from config.common.outbox.templates import MessageText


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, rendered. `message_id` is the same in every attempt."""

    message_id: UUID
    created_at: datetime
    recipient: str
    content: MessageText


class DeliveryFailed(Exception):
    """A message that was not sent. `code` names the kind of failure: no address, no text."""

    def __init__(self, code: str) -> None:
        self.code = code[:64]
        super().__init__(self.code)


class TryAgain(DeliveryFailed):
    """For now: the provider is away, busy or set up wrongly."""


class Undeliverable(DeliveryFailed):
    """For good: trying the same again cannot help."""


class Provider(Protocol):
    """Sends messages of one channel. Bounded in time, well below the lease of a message."""

    def send(self, message: Outgoing) -> None:
        """Hand the message over. Raises TryAgain or Undeliverable."""


class MissingProvider:
    """Stands in for a channel that is not set up: its messages wait, and the list says why."""

    def send(self, message: Outgoing) -> None:
        """Raises TryAgain, always."""
        raise TryAgain("NotConfigured")


def provider_of(channel: str) -> Provider:
    """The provider of a channel."""
    return _provider(settings.MESSAGE_PROVIDERS[channel])


@cache
def _provider(name: str) -> Provider:
    provider: Provider = import_string(name)()
    return provider
