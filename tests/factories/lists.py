"""What tests look up about lists."""

from collections.abc import Collection

from lists.models import List


def list_revisions(keys: Collection[str]) -> dict[str, int]:
    """The stored revision of each list named."""
    return dict(List.objects.filter(key__in=keys).values_list("key", "revision"))
