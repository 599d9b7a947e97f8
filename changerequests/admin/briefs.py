"""A request in a few lines, for pages that show many."""

from collections import Counter
from typing import Any

from django.utils.translation import ngettext

from changerequests.selectors.review import RequestReview
from crmschema.presentation import GridChange, RowMark

_LINES = 4


def brief(review: RequestReview) -> dict[str, Any]:  # Any: values of the template
    """The first lines of a comparison, the grids in numbers, and how many lines are left out."""
    rows = review.plain_rows
    return {
        "rows": rows[:_LINES],
        "more": max(len(rows) - _LINES, 0),
        "grids": [{"label": grid.label, "text": _in_numbers(grid)} for grid in review.grids],
        "conflict_count": review.conflict_count,
    }


def _in_numbers(grid: GridChange) -> str:
    """How many rows came, went, moved and changed."""
    counts = Counter(row.mark for row in grid.rows)
    texts = {
        RowMark.INSERTED: ngettext(
            "%(total)s row added", "%(total)s rows added", counts["inserted"]
        ),
        RowMark.REMOVED: ngettext(
            "%(total)s row removed", "%(total)s rows removed", counts["removed"]
        ),
        RowMark.MOVED: ngettext("%(total)s row moved", "%(total)s rows moved", counts["moved"]),
        RowMark.CHANGED: ngettext(
            "%(total)s row changed", "%(total)s rows changed", counts["changed"]
        ),
    }
    return ", ".join(text % {"total": counts[mark]} for mark, text in texts.items() if counts[mark])
