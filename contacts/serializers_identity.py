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


class ProfilePictureInput(StrictSerializer):
    """The new picture in base64: PNG, JPEG or WebP. Null is no picture, and refused."""

    image_content_base64 = StrictString(allow_null=True, allow_blank=True)

    class Meta:
        ref_name = "ProfilePictureUpdate"
        wire_names = {"image_content_base64": "imageContentBase64"}


class ProfilePictureOutput(StrictSerializer):
    """The picture in base64, PNG or JPEG; the default one is drawn from the initials."""

    image_content_base64 = serializers.CharField()
    is_default_image = serializers.BooleanField()

    class Meta:
        ref_name = "ProfilePicture"
        wire_names = {"image_content_base64": "imageContentBase64"}
