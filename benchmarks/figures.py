"""Figures of what was measured."""

from collections.abc import Iterable
from math import ceil


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that at least so large a share of all does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1]
