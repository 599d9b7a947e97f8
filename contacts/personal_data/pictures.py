"""Profile pictures: the row goes in the transaction of the erasure, the file right after it."""

import base64

from config.common.privacy import Erasure, Json, PersonalDataStore
from contacts.models import Contact
from contacts.selectors.pictures import picture_get
from contacts.services.pictures import DIRECTORY, pictures_erase


def _erase(erasure: Erasure) -> None:
    pictures_erase(contact_ids=list(erasure.contact_ids))


def _collect(contact_id: int) -> Json:
    """The stored picture; a drawn one is not held, it is drawn."""
    contact = Contact.objects.select_related("picture").get(pk=contact_id)
    if not hasattr(contact, "picture"):
        return None
    picture = picture_get(
        contact_id=contact_id,
        uid=contact.uid,
        name=contact.display_name,
        is_anonymised=contact.anonymised_at is not None,
        file=contact.picture.file,
    )
    return {
        "storedAt": contact.picture.stored_at,
        "mediaType": picture.media_type,
        "contentBase64": base64.b64encode(picture.content).decode(),
    }


PICTURE_STORE = PersonalDataStore(
    name="picture",
    columns={"contacts.ContactPicture": ("file",)},
    files=(DIRECTORY,),
    keeps="Nothing.",
    erase=_erase,
    collect=_collect,
)
