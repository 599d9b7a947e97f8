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
    came, went = counts[RowMark.INSERTED], counts[RowMark.REMOVED]
    moved, changed = counts[RowMark.MOVED], counts[RowMark.CHANGED]
    texts = [
        (came, ngettext("%(total)s row added", "%(total)s rows added", came)),
        (went, ngettext("%(total)s row removed", "%(total)s rows removed", went)),
        (moved, ngettext("%(total)s row moved", "%(total)s rows moved", moved)),
        (changed, ngettext("%(total)s row changed", "%(total)s rows changed", changed)),
    ]
    return ", ".join(text % {"total": total} for total, text in texts if total)
