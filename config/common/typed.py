"""What people type into addresses and search fields, brought to a size that costs nothing."""

from config.common.paging import INT32_MAX

MAX_TERM_LENGTH = 200
MAX_WORDS = 10
_MAX_DIGITS = 10


def serial_or_none(text: str | None) -> int | None:
    """The id that a text is, if it can be one: ASCII digits within int32."""
    if not text or len(text) > _MAX_DIGITS or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= INT32_MAX else None


def search_words(term: str) -> list[str]:
    """The words to search for: at most ten, of the first 200 characters; NUL is dropped, which the
    database could not take.
    """
    return term[:MAX_TERM_LENGTH].replace("\x00", "").split()[:MAX_WORDS]
