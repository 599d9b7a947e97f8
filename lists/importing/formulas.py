"""Cells that a spreadsheet would take for a formula (E2), there and back. Pure."""

import re

_START = "=+\\-@\t\r\n＝＋－＠"  # noqa: RUF001 - the full-width signs count too
_DANGEROUS = re.compile(f"'*[{_START}]")
_NEUTRALISED = re.compile(f"'+[{_START}]")


def neutralised(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would calculate."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """The text that `neutralised` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text
