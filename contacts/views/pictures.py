"""Profile pictures."""

import base64
import binascii
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from config.common.api import NO_CONTENT, Output, json_answer, no_content
from config.common.exceptions import BadRequest
from config.common.tokens import Credentials
from contacts.api import ContactView
from contacts.exceptions import ContactAnonymized
from contacts.pictures import refused
from contacts.selectors.access import contact_reach
from contacts.selectors.pictures import picture_get
from contacts.serializers_identity import ProfilePictureInput, ProfilePictureOutput
from contacts.services.pictures import picture_delete, picture_set

_FILE = "(SELECT file FROM contacts_contactpicture WHERE contact_id = contact.id)"


class ProfilePictureView(ContactView):
    operations: ClassVar = {
        "get": "getProfilePicture",
        "put": "updateProfilePicture",
        "delete": "deleteProfilePicture",
    }
    inputs: ClassVar = {"put": ProfilePictureInput}
    outputs: ClassVar = {
        "get": Output(ProfilePictureOutput),
        "put": NO_CONTENT,
        "delete": NO_CONTENT,
    }
    body_limit: ClassVar = settings.MAX_PICTURE_BODY_BYTES

    def resolve_caller(self, credentials: Credentials, **kwargs: Any) -> None:  # Any: from paths
        """The statement that decides who calls brings the name of the file along."""
        self.actor, self._reached = contact_reach(credentials, kwargs["contact_id"], (_FILE,))

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """The picture of a contact, or the one that is drawn for it."""
        contact = self.contact()
        (file,) = contact.extra
        picture = picture_get(
            contact_id=contact.id,
            uid=contact.uid,
            name=contact.display_name,
            is_anonymised=contact.is_anonymised,
            file=file,
        )
        text = base64.b64encode(picture.content).decode()
        return json_answer({"imageContentBase64": text, "isDefaultImage": picture.is_default})

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Store a picture."""
        sent, key = self.body()["image_content_base64"], self.idempotency_key()
        contact = self.contact()

        def store() -> HttpResponse:
            # The state of the target is told before the content is looked at (F5); the service
            # asks once more, under the lock.
            if contact.is_anonymised:
                raise ContactAnonymized
            picture_set(actor=self.actor, contact_id=contact.id, content=_decoded(sent))
            return no_content()

        return self.once(store, key)

    def delete(self, request: Request, **kwargs: Any) -> HttpResponse:  # Any: path parameters
        """Delete the picture."""
        picture_delete(actor=self.actor, contact_id=self.contact().id)
        return no_content()


def _decoded(sent: str | None) -> bytes:
    """The bytes of strict base64 (RFC 4648, section 4): padded, in one line, without a prefix.

    Raises BadRequest, for null too.
    """
    try:
        return base64.b64decode(sent or "", validate=True)
    except (binascii.Error, ValueError):
        raise _not_base64() from None


def _not_base64() -> BadRequest:
    return refused("Base64", "The value is not base64 as RFC 4648 has it.")
