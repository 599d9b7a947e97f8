"""Profile pictures of contacts (P1): stored, replaced, deleted, and files that nobody has swept.

A file and its row cannot be written in one transaction. So a file comes before its row and goes
after it: whatever dies in between leaves a file without a row, never a row without a file, and the
sweep removes it.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from config.common.actors import Actor
from config.common.audit import audit_record
from config.common.db import atomic
from config.common.exceptions import DomainError
from contacts.models import ContactPicture
from contacts.pictures import prepare_picture
from contacts.selectors.pictures import file_of
from contacts.services.locks import contact_lock

DIRECTORY = "pictures"


def picture_set(*, actor: Actor, contact_id: int, content: bytes) -> None:
    """Store a picture for a contact that the caller is known to reach; the one that it replaces is
    removed after the commit.

    The picture is decoded and written to the storage before the contact is locked. Raises NotFound,
    ContactAnonymized, BadRequest (no picture that is taken), ServiceUnavailable.
    """
    picture = prepare_picture(content)
    file = default_storage.save(_new_name(picture.suffix), ContentFile(picture.content))
    try:
        _name_file(actor, contact_id, file)
    except DomainError:
        # The contact was erased meanwhile: its picture must not wait for the sweep (N2).
        default_storage.delete(file)
        raise


@atomic()
def _name_file(actor: Actor, contact_id: int, file: str) -> None:
    contact_lock(contact_id)
    replaced = file_of(contact_id)
    ContactPicture.objects.update_or_create(contact_id=contact_id, defaults={"file": file})
    _audit(actor, "updateProfilePicture", contact_id)
    if replaced is not None:
        _remove_after_commit(replaced)


@atomic()
def picture_delete(*, actor: Actor, contact_id: int) -> None:
    """Delete the picture of a contact that the caller is known to reach; where there is none
    nothing happens. Locks the contact. Raises NotFound, ContactAnonymized.
    """
    contact_lock(contact_id)
    file = file_of(contact_id)
    if file is None:
        return
    ContactPicture.objects.filter(contact_id=contact_id).delete()
    _audit(actor, "deleteProfilePicture", contact_id)
    _remove_after_commit(file)


def pictures_erase(*, contact_ids: list[int]) -> None:
    """Remove the pictures of contacts that are being anonymised (N2). Expects their locks."""
    pictures = ContactPicture.objects.filter(contact_id__in=contact_ids)
    files = list(pictures.values_list("file", flat=True))
    pictures.delete()
    for file in files:
        _remove_after_commit(file)


def pictures_sweep() -> int:
    """Remove files that no row names and that are too old for a request at work to be about to
    name them; gives their number. Running it twice, or at the same time, is harmless.
    """
    oldest = timezone.now() - timedelta(hours=settings.PICTURE_ORPHAN_HOURS)
    removed = 0
    for files in _files_by_directory():
        known = set(ContactPicture.objects.filter(file__in=files).values_list("file", flat=True))
        for file in files:
            if file not in known and _is_older(file, oldest):
                default_storage.delete(file)
                removed += 1
    return removed


def _new_name(suffix: str) -> str:
    """Random, so that it says nothing; spread, so that no directory grows large."""
    token = secrets.token_hex(16)
    return f"{DIRECTORY}/{token[:2]}/{token}.{suffix}"


def _remove_after_commit(file: str) -> None:
    # Robust: the write is done, and what a storage that is away keeps the sweep will find.
    transaction.on_commit(lambda: default_storage.delete(file), robust=True)


def _files_by_directory() -> Iterator[list[str]]:
    try:
        directories, _ = default_storage.listdir(DIRECTORY)
    except FileNotFoundError:  # nobody has stored a picture yet
        return
    for name in directories:
        directory = f"{DIRECTORY}/{name}"
        yield [f"{directory}/{file}" for file in default_storage.listdir(directory)[1]]


def _is_older(file: str, moment: datetime) -> bool:
    """A file that has gone meanwhile is none of ours to remove."""
    try:
        return bool(default_storage.get_modified_time(file) < moment)
    except FileNotFoundError:
        return False


def _audit(actor: Actor, operation: str, contact_id: int) -> None:
    audit_record(
        actor=actor,
        operation=operation,
        object_type="contact",
        object_id=contact_id,
        fields=["picture"],
    )
