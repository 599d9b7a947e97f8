"""A real process that is killed between a picture's file and its row (PP-12)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from contacts.models import Contact, ContactPicture
from contacts.services.pictures import picture_set, pictures_sweep
from tests.factories.fixtures import World
from tests.factories.pictures import picture
from tests.factories.threads import TIMEOUT_SECONDS, wait_for_waiter

ROOT = Path(__file__).resolve().parents[2]
DAY = 24 * 3600

# What a request does, in a process of its own on the test's database and the test's disk.
SET_PICTURE = """
import sys
from django.conf import settings
name, media, contact_id, content = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = name
settings.STORAGES["default"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": media}
}
import django
django.setup()
from config.common.actors import SYSTEM
from contacts.services.pictures import picture_set
picture_set(actor=SYSTEM, contact_id=int(contact_id), content=bytes.fromhex(content))
"""


@pytest.fixture
def contact(committed_world: World) -> Contact:
    return committed_world.contact()


def process(contact: Contact, media: Path) -> subprocess.Popen[bytes]:
    name = str(connection.settings_dict["NAME"])
    content = picture("JPEG").hex()
    return subprocess.Popen(
        [sys.executable, "-c", SET_PICTURE, name, str(media), str(contact.pk), content], cwd=ROOT
    )


def files(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def age(media: Path) -> None:
    moment = time.time() - DAY
    for file in files(media):
        os.utime(media / file, (moment, moment))


def test_pp12_a_process_killed_between_file_and_row_leaves_the_old_picture_and_no_orphan(
    committed_world: World, contact: Contact, media: Path
) -> None:
    picture_set(actor=committed_world.actor(), contact_id=contact.pk, content=picture("PNG"))
    kept = ContactPicture.objects.get().file

    # The contact's lock is ours: the process stands after its file and before its row.
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=contact.pk)
        killed = process(contact, media)
        try:
            wait_for_waiter()
            assert len(files(media)) == 2
        finally:
            killed.kill()
            status = killed.wait(TIMEOUT_SECONDS)
    assert status == -signal.SIGKILL

    # Locked again, which waits for whatever the dead one's connection still does.
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=contact.pk)
        assert ContactPicture.objects.get().file == kept
    assert pictures_sweep() == 0  # too young: it could be at work still
    age(media)
    assert pictures_sweep() == 1
    assert files(media) == [kept]


def test_pp12_a_process_that_nobody_kills_stores_its_picture(
    committed_world: World, contact: Contact, media: Path
) -> None:
    assert process(contact, media).wait(TIMEOUT_SECONDS) == 0

    assert files(media) == [ContactPicture.objects.get().file]
