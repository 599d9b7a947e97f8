"""The folded labels of many items as one text, which is searched as a whole. Pure.

A search runs in C over a megabyte that lies together, so that it needs no index which would have
to know about short terms, signs or scripts: five milliseconds for 50,000 labels at the worst.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import accumulate, islice

# Folded text holds no ASCII capitals, and no other character has their bytes in UTF-8.
SEPARATOR = "A"
_SEPARATOR, _MARK, _HIDDEN = b"A", b"B", b"C"
_NEITHER = bytes(set(range(256)) - set(_SEPARATOR + _MARK))
# Cutting the text at each occurrence says all in one pass, but each piece costs.
_MAX_PIECES = 1_000
# Where the first thousand occurrences lie within this part of the text, there are some 40,000.
_DENSE = 40
# A number and its place in a set.
_HIDDEN_BYTES = 100


@dataclass(frozen=True, slots=True)
class Hits:
    """The first items whose label starts with a term, the first that hold it elsewhere, each in
    the order of the labels, and how many labels hold it at all.
    """

    starting: list[int]
    inside: list[int]
    total: int


class LabelText:
    """Labels, each between two separators, and the ids of their items, in one order."""

    __slots__ = ("_hidden", "_ids", "_starts", "_text")

    def __init__(self, labels: str, ids: Iterable[int]) -> None:
        """`labels` are joined by `SEPARATOR`; `ids` name their items."""
        self._ids = array("i", ids)
        lines = labels.encode().split(_SEPARATOR) if self._ids else []
        self._text = b"".join([_SEPARATOR, *(line + _SEPARATOR for line in lines)])
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))
        self._hidden: frozenset[int] = frozenset()

    @property
    def weight(self) -> int:
        """About how many bytes are held."""
        held = len(self._text) + 2 * self._ids.itemsize * len(self._ids)
        return held + _HIDDEN_BYTES * len(self._hidden)

    def without(self, item_ids: Set[int]) -> "LabelText":
        """The same but for the labels of some items; shares all but the text."""
        is_hidden = bytes(map(item_ids.__contains__, self._ids))
        text = bytearray(self._text)
        hidden: set[int] = set()
        line = -1
        while (line := is_hidden.find(1, line + 1)) >= 0:
            hidden.add(line)
            start, end = self._starts[line] + 1, self._starts[line + 1]
            text[start:end] = _HIDDEN * (end - start)
        kept = LabelText("", [])
        kept._ids, kept._starts, kept._hidden = self._ids, self._starts, frozenset(hidden)
        kept._text = bytes(text)
        return kept

    def search(self, term: str, limit: int) -> Hits:
        """At most `limit` items for a folded term; an empty one is at the start of each label."""
        if not term:
            shown = (pk for line, pk in enumerate(self._ids) if line not in self._hidden)
            return Hits(list(islice(shown, limit)), [], len(self._ids) - len(self._hidden))
        sought = term.encode()
        pieces = self._text.split(sought, _MAX_PIECES)
        if len(pieces) > _MAX_PIECES:
            starting = self._starting(sought, limit)
            inside = self._inside(sought, limit - len(starting))
            searched = len(self._text) - len(pieces[-1])
            is_dense = searched * _DENSE < len(self._text)
            return Hits(starting, inside, self._count(sought, is_dense=is_dense))
        # Whether the next occurrence is in another label; behind the last one always.
        total = sum(_SEPARATOR in piece for piece in islice(pieces, 1, None))
        start_count = sum(piece.endswith(_SEPARATOR) for piece in islice(pieces, len(pieces) - 1))
        starting = self._starting(sought, min(limit, start_count))
        inside = self._inside(sought, min(limit - len(starting), total - start_count))
        return Hits(starting, inside, total)

    def _starting(self, sought: bytes, limit: int) -> list[int]:
        found: list[int] = []
        at = 0
        while len(found) < limit and (hit := self._text.find(_SEPARATOR + sought, at)) >= 0:
            found.append(self._ids[self._line(hit)])
            at = hit + 1
        return found

    def _inside(self, sought: bytes, limit: int) -> list[int]:
        """A label's first occurrence says whether it starts with the term."""
        found: list[int] = []
        at = 0
        while len(found) < limit and (hit := self._text.find(sought, at)) >= 0:
            line = self._line(hit)
            if self._starts[line] != hit - 1:
                found.append(self._ids[line])
            at = self._starts[line + 1]
        return found

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    def _count(self, sought: bytes, *, is_dense: bool) -> int:
        """How many labels hold what many do. The expression takes the rest of a label along; where
        nearly every label has its match, marks cost less: each occurrence becomes one and all else
        goes away, so that a label that holds the term is a separator behind a mark.
        """
        if not is_dense:
            return len(re.findall(re.escape(sought) + b"[^%b]*" % _SEPARATOR, self._text))
        marked = self._text.replace(sought, _MARK)
        return marked.translate(None, _NEITHER).count(_MARK + _SEPARATOR)
