"""Words that people look for in the audit log (H3), as conditions that its indexes answer."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Q
from oauth2_provider.models import get_application_model

# As wide as the widest column that is compared.
_MAX_WORD_LENGTH = 64
_CORRELATION_ID = re.compile(r"[0-9a-f]{32}")

# From one name of an index to the next: some sixty steps, however long the log is.
_NAMES = """
WITH RECURSIVE operations (name) AS (
    (SELECT operation FROM common_auditevent ORDER BY operation LIMIT 1)
    UNION ALL
    SELECT (SELECT event.operation FROM common_auditevent event
            WHERE event.operation > operations.name ORDER BY event.operation LIMIT 1)
    FROM operations WHERE operations.name IS NOT NULL
), kinds (name) AS (
    (SELECT object_type FROM common_auditevent ORDER BY object_type LIMIT 1)
    UNION ALL
    SELECT (SELECT event.object_type FROM common_auditevent event
            WHERE event.object_type > kinds.name ORDER BY event.object_type LIMIT 1)
    FROM kinds WHERE kinds.name IS NOT NULL
)
SELECT ARRAY(SELECT name FROM operations WHERE name IS NOT NULL),
       ARRAY(SELECT name FROM kinds WHERE name IS NOT NULL)
"""


class _Names(NamedTuple):
    """The operations and the kinds of objects that the log has."""

    operations: Sequence[str]
    kinds: Sequence[str]


def audit_words(words: Iterable[str]) -> Q:
    """The condition that every word is an operation, a kind of object, an id, a login, a client id
    or a correlation id; of names the case does not matter.

    A statement, and two for each word. The events are then looked for by ids and whole names:
    a log of millions is never read from one end to the other for a word that it does not hold.
    """
    names, condition = _names(), Q()
    for word in words:
        condition &= _matches(word[:_MAX_WORD_LENGTH], names)
    return condition


def _names() -> _Names:
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        return _Names(*cursor.fetchone())


def _matches(word: str, names: _Names) -> Q:
    # What looks like a correlation id is nothing else.
    if _CORRELATION_ID.fullmatch(word):
        return Q(correlation_id=word)
    members = get_user_model().objects.filter(username=word)
    apps = get_application_model().objects.filter(client_id=word)
    return (
        Q(operation__in=_same(word, names.operations))
        | Q(object_type__in=_same(word, names.kinds))
        # The index of objects starts with the kind.
        | Q(object_type__in=names.kinds, object_id=word)
        | Q(member__in=list(members.values_list("pk", flat=True)))
        | Q(app__in=list(apps.values_list("pk", flat=True)))
    )


def _same(word: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.casefold() == word.casefold()]
