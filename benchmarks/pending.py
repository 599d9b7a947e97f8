"""Emails that wait for a key, one for every contact: what the case `verify` confirms."""

from django.db import connection
from django.utils import timezone

from config.common.actors import SYSTEM
from contacts.keys import key_hash
from contacts.models import Contact, PendingChannel

KEY = "012345"
CHUNK = 10_000
_INSERT = """
INSERT INTO contacts_pendingchannel
    (contact_id, channel, path, value, comment, created_at, key_hash, key_expires_at, messages)
SELECT id, 'Email', 'contactInformation.primaryEmail', 'confirmed' || id || '@example.com', '',
       %s, key_hash, statement_timestamp() + interval '1 day', 1
FROM unnest(%s::int[], %s::bytea[]) AS waiting (id, key_hash)
"""


def load(contacts: int) -> None:
    """Let an email of each of the first contacts wait, all for the same key."""
    ids = Contact.objects.visible_to(SYSTEM).order_by("pk").values_list("pk", flat=True)[:contacts]
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        hashes = [key_hash(contact_id, PendingChannel.Channel.EMAIL, KEY) for contact_id in chunk]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [timezone.now(), chunk, hashes])
