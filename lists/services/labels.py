"""The folded labels that lookups search, kept beside the items they come from."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.conf import settings
from django.db import connection, transaction

from config.common.text import fold
from lists.labels import label_in
from lists.models import NEXT_REVISION, List, ListItem, ListItemLabel
from lists.selectors import lists_lock_all

_BATCH_SIZE = 2_000

# All but the text comes from the stored items, so that the two cannot say different things.
_UPSERT = """
INSERT INTO lists_listitemlabel
    (item_id, language, folded, list_id, parent_id, position, key, is_active)
SELECT item.id, made.language, made.folded,
    item.list_id, item.parent_id, item.position, item.key, item.is_active
FROM unnest(%s::int[], %s::text[], %s::text[]) AS made (item_id, language, folded)
JOIN lists_listitem item ON item.id = made.item_id
ON CONFLICT (item_id, language) DO UPDATE SET folded = excluded.folded,
    parent_id = excluded.parent_id, position = excluded.position, is_active = excluded.is_active
"""


def list_items_index(items: Iterable[ListItem]) -> None:
    """Bring the folded labels of `items` to what the stored items say, in every language of the
    settings. One statement for two thousand items.

    Expects the transaction of the edit and the lock of the list.
    """
    remaining = iter(items)
    while batch := list(islice(remaining, _BATCH_SIZE)):
        columns = zip(*(row for item in batch for row in _rows(item)), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [list(column) for column in columns])


@transaction.atomic
def list_labels_rebuild() -> int:
    """Derive all folded labels anew, for a language that the settings gained; how many items.

    Harmless at any time, but that processes read all lists again. Locks all lists.
    """
    lists_lock_all()
    languages = [language for language, _ in settings.LANGUAGES]
    ListItemLabel.objects.exclude(language__in=languages).delete()
    items = ListItem.objects.order_by("pk").iterator(_BATCH_SIZE)
    count = 0
    while batch := list(islice(items, _BATCH_SIZE)):
        list_items_index(batch)
        count += len(batch)
    List.objects.update(revision=NEXT_REVISION)
    return count


def _rows(item: ListItem) -> Iterator[tuple[int, str, str]]:
    for language, _ in settings.LANGUAGES:
        yield item.pk, language, fold(label_in(item.labels, language) or item.key)
