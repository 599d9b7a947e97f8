"""The username that is the primary email (U2): it follows every applied write of the email."""

from collections.abc import Iterable, Mapping, Sequence

import orjson
from django.conf import settings
from django.db import IntegrityError, connection

from config.common.db import constraint_of
from config.common.value_locks import LockSpace, values_lock
from contacts.channels import written_email
from contacts.exceptions import UsernameNotUnique
from contacts.usernames import folded_username
from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change

Write = tuple[int, CompiledSchema, Sequence[Change]]

_WRITE = """
UPDATE contacts_contact contact
SET username = new.username, username_folded = new.username_folded
FROM jsonb_to_recordset(%s::jsonb) AS new (id int, username text, username_folded text)
WHERE contact.id = new.id
"""


def coupled_usernames(writes: Sequence[Write]) -> dict[int, str | None]:
    """The new usernames by contact; none where usernames are not coupled."""
    if not settings.USERNAME_COUPLED_WITH_EMAIL:
        return {}
    usernames: dict[int, str | None] = {}
    for contact_id, compiled, changes in writes:
        change = written_email(compiled, changes)
        if change is not None:
            usernames[contact_id] = change.target
    return usernames


def usernames_lock(usernames: Iterable[str | None]) -> None:
    """Lock names that are given up and names that are taken. Two contacts that take each other's
    names would otherwise wait for each other in the unique index, until the server ended one of
    them. Expects the contacts' locks, and rows that nothing has written yet: whoever takes a name
    waits for every writer of the row that has it.
    """
    folded = {folded_username(username) for username in usernames}
    values_lock(LockSpace.USERNAMES, [name for name in folded if name is not None])


def usernames_write(usernames: Mapping[int, str | None]) -> None:
    """Write the usernames of locked contacts. Expects `usernames_lock`. Raises UsernameNotUnique:
    the unique column decides, also between two at the same instant.
    """
    rows = [
        {"id": contact_id, "username": username, "username_folded": folded_username(username)}
        for contact_id, username in usernames.items()
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [orjson.dumps(rows).decode()])
    except IntegrityError as error:
        is_username = "username_folded" in (constraint_of(error) or "")
        raise UsernameNotUnique() if is_username else error from None
