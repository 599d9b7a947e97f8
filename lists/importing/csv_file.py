"""CSV: the columns `key`, `label.<language>`, `parent`, `position`, `is_active` and
`custom_attributes`, separated by commas, semicolons or tabs.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.common.exceptions import BadRequest
from config.common.json import parse_strict
from lists.exceptions import ListFileInvalid
from lists.importing.formulas import restored
from lists.importing.rows import MAX_ROWS, Decoded, ImportRow, Refusal, too_many_rows

_LABEL = re.compile(r"label\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", re.ASCII)
# A spreadsheet writes the truth in the language of its user: an export comes back with WAHR.
_YES = ("true", "1", "yes", "wahr", "ja", "vrai", "oui", "vero", "sì")
_NO = ("false", "0", "no", "falsch", "nein", "faux", "non", "falso")
_FLAGS = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
_POSITION = re.compile(r"[0-9]{1,9}", re.ASCII)
_MAX_NAME = 64


class _CellError(Exception):
    """A cell that cannot be read; the message says why."""


def decode_csv(text: str) -> Decoded:
    """The entries of a CSV text. Raises ListFileInvalid for what makes no table."""
    lines = text.splitlines()
    delimiter = _delimiter(lines[0] if lines else "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    decoded = Decoded([], [])
    try:
        columns = _columns(next(reader))
        for line, cells in _filled(reader):
            _add(decoded, line, columns, cells)
    except csv.Error:
        reason = gettext("Line %(line)d is no CSV.") % {"line": reader.line_num}
        raise ListFileInvalid(reason) from None
    return decoded


def _delimiter(header: str) -> str:
    for delimiter in (",", ";", "\t"):
        if "key" in (name.strip().strip('"') for name in header.split(delimiter)):
            return delimiter
    raise ListFileInvalid("The first line names no column “key”.")


def _columns(header: Sequence[str]) -> list[str]:
    names = [name.strip() for name in header]
    for place, name in enumerate(names, start=1):
        known = name in ("key", "parent", "position", "is_active", "custom_attributes")
        if not known and not _LABEL.fullmatch(name):
            reason = gettext("Column %(place)d has no name that is known.")
            raise ListFileInvalid(reason % {"place": place})
        if names.index(name) != place - 1:
            raise ListFileInvalid(gettext("Column %(place)d is there twice.") % {"place": place})
    return names


def _filled(reader: Any) -> Iterator[tuple[int, list[str]]]:  # Any: the csv module's reader
    """The rows that are not blank, each with the line that it starts in."""
    line, count = reader.line_num + 1, 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MAX_ROWS:
                raise too_many_rows()
            yield line, cells
        line = reader.line_num + 1


def _add(decoded: Decoded, line: int, columns: Sequence[str], cells: Sequence[str]) -> None:
    texts = dict(zip(columns, (restored(cell.strip(" ")) for cell in cells), strict=False))
    key = texts.get("key", "")[:_MAX_NAME]
    if len(cells) != len(columns):
        reason = _("The line does not have as many cells as the first one.")
        decoded.refusals.append(Refusal(line, key, reason))
        return
    try:
        decoded.rows.append(ImportRow(line, texts["key"], _values(texts)))
    except _CellError as error:
        decoded.refusals.append(Refusal(line, key, error.args[0]))


def _values(texts: dict[str, str]) -> dict[str, Any]:  # Any: JSON values
    values: dict[str, Any] = {}  # Any: JSON values
    labels = {
        match[1]: text or None for name, text in texts.items() if (match := _LABEL.fullmatch(name))
    }
    if labels:
        values["labels"] = labels
    if "parent" in texts:
        values["parent"] = texts["parent"] or None
    if texts.get("position"):
        values["position"] = _position(texts["position"])
    if texts.get("is_active"):
        values["is_active"] = _flag(texts["is_active"])
    if "custom_attributes" in texts:
        values["custom_attributes"] = _attributes(texts["custom_attributes"])
    return values


def _position(text: str) -> int:
    if not _POSITION.fullmatch(text):
        raise _CellError(_("The position is not a whole number from 0."))
    return int(text)


def _flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise _CellError(_("“is_active” is neither true nor false."))
    return _FLAGS[text.lower()]


def _attributes(text: str) -> Any:  # Any: a JSON value
    if not text:
        return None
    try:
        return parse_strict(text.encode())
    except BadRequest:
        raise _CellError(_("The custom attributes are not valid JSON.")) from None
