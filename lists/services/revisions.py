"""Raising a list's revision."""

from lists.models import NEXT_REVISION, List


def list_revision_raise(list_id: int) -> None:
    """Give the list its next revision (S6). Expects the transaction of the edit and the row lock,
    so that revisions of one list become visible in their order.
    """
    List.objects.filter(pk=list_id).update(revision=NEXT_REVISION)
