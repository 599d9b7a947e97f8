"""Paths of details: dotted, with the index of a grid row in brackets (D4)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_INDEX = re.compile(r"\[\d+\]")
_ROW_PATH = re.compile(r"(?P<grid>[^\[\]]+)\[(?P<index>\d+)\]\.(?P<leaf>[^\[\]]+)")


class RowPath(NamedTuple):
    """A leaf in a grid row: `addresses[2].city` is grid `addresses`, index 2, leaf `city`."""

    grid: str
    position: int
    leaf: str


def index_free(path: str) -> str:
    """The path without the indexes of rows: the name of the field."""
    return _INDEX.sub("", path) if "[" in path else path


def row_path(path: str) -> RowPath | None:
    """The parts of a path that leads into a grid row; None for a path outside of grids."""
    match = _ROW_PATH.fullmatch(path)
    if match is None:
        return None
    return RowPath(match["grid"], int(match["index"]), match["leaf"])


def searchable_paths(paths: Iterable[str]) -> list[str]:
    """All names under which changes of `paths` are found: with and without indexes, the path and
    each of its ancestors (Q1). Sorted, without repetition.
    """
    found: set[str] = set()
    for path in paths:
        for variant in {path, index_free(path)}:
            found.update(_ancestors(variant))
    return sorted(found)


def _ancestors(path: str) -> Iterable[str]:
    for position, character in enumerate(path):
        if character in ".[" and path[position - 1] != "]":
            yield path[:position]
        if character == "]":
            yield path[: position + 1]
    yield path
