"""Who uses an item, counted within a time limit (S6)."""

from collections.abc import Callable

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from lists.models import ListItem
from lists.registry import ITEM_USES, ItemUse

_MILLISECONDS = 2_000


def list_item_uses(item: ListItem) -> list[ItemUse]:
    """How many objects of each kind hold the item or stand below it, whoever may see them; None
    where two seconds were not enough. Expects the item's list to be loaded.
    """
    below = ListItem.objects.filter(parent=item, is_active=True)
    list_key, item_key = item.list.key, item.key
    return [
        ItemUse(_("Active items below it"), below.count()),
        *(ItemUse(use.name, _limited(use.count, list_key, item_key)) for use in ITEM_USES),
    ]


def _limited(count: Callable[[str, str], int], list_key: str, item_key: str) -> int | None:
    """The count, or None when the database took too long. What is set here ends with the block,
    which is rolled back: it only reads.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {_MILLISECONDS}")
            counted = count(list_key, item_key)
            transaction.set_rollback(True)
            return counted
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            return None
        raise
