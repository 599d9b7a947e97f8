"""Shapes of the operations on pending emails and mobiles."""

from enum import StrEnum

from config.common.fields import StrictEnum, StrictString
from config.common.serializers import StrictSerializer

MAX_KEY_LENGTH = 64
_CHANNEL_COMPONENT = "CommunicationVerificationChannelType"


class ChannelName(StrEnum):
    """The contract's channels."""

    EMAIL = "Email"
    MOBILE = "Mobile"


class ChannelInput(StrictSerializer):
    """A channel of a contact."""

    channel = StrictEnum(ChannelName, component=_CHANNEL_COMPONENT)

    class Meta:
        ref_name = "Channel"


class ChannelKeyInput(StrictSerializer):
    """A channel, and the key that was sent to its pending value."""

    channel = StrictEnum(ChannelName, component=_CHANNEL_COMPONENT)
    key = StrictString(allow_null=True, allow_blank=True, max_length=MAX_KEY_LENGTH)

    class Meta:
        ref_name = "ChannelKey"
