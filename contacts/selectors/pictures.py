"""The picture of a contact: the stored one, else the drawn one (P1)."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.core.files.storage import default_storage

from contacts.models import ContactPicture
from contacts.pictures import default_picture

READS = 2

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of a picture, PNG or JPEG."""

    content: bytes
    is_default: bool

    @property
    def media_type(self) -> str:
        return "image/png" if self.content.startswith(b"\x89PNG") else "image/jpeg"


def picture_get(
    *, contact_id: int, uid: UUID, name: str, is_anonymised: bool, file: str | None
) -> Picture:
    """The picture of a contact that the caller is known to reach. `file` is what its row names.

    No statement, but one where the file has just been replaced. A file that is lost is logged, and
    the drawn picture takes its place.
    """
    for _ in range(READS):
        if file is None:
            break
        try:
            with default_storage.open(file) as stored:
                return Picture(stored.read(), is_default=False)
        except FileNotFoundError:
            file = file_of(contact_id)
    else:
        log.error("picture_lost", contact_id=contact_id)
    # A uid in place of a name has no initials, and the name of an anonymised contact says nothing.
    has_name = not is_anonymised and name != str(uid)
    return Picture(default_picture(name=name if has_name else None, key=str(uid)), is_default=True)


def file_of(contact_id: int) -> str | None:
    """The name of the stored picture; None where there is none."""
    pictures = ContactPicture.objects.filter(contact_id=contact_id)
    return pictures.values_list("file", flat=True).first()
