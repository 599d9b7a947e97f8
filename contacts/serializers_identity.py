"""Shapes of usernames and external connections."""

from rest_framework import serializers

from config.common.fields import StrictInteger, StrictString
from config.common.serializers import StrictSerializer


class UsernameInput(StrictSerializer):
    """The new username; null is none, which an existing contact cannot be given."""

    username = StrictString(allow_null=True, allow_blank=True)

    class Meta:
        ref_name = "UsernameUpdate"


class UsernameOutput(StrictSerializer):
    """The username, null where there is none."""

    username = serializers.CharField(allow_null=True)

    class Meta:
        ref_name = "Username"


class ExternalConnectionInput(StrictSerializer):
    """An id of the contact in another system."""

    external_id = StrictString(allow_null=True, allow_blank=True)
    system = StrictString(allow_null=True, allow_blank=True)

    class Meta:
        ref_name = "ExternalConnectionAdd"


class ExternalConnectionOutput(StrictSerializer):
    """An id of the contact in another system; imports use the one of the system Default."""

    external_id = serializers.CharField()
    system = serializers.CharField()


class ExternalConnectionsOutput(StrictSerializer):
    """All of them, by system and id."""

    connections = ExternalConnectionOutput(many=True)


class ContactIdentifierOutput(StrictSerializer):
    """A contact by its ids."""

    id = StrictInteger()
    uid = serializers.UUIDField()
