"""Text: the one Unicode form that is stored (rule D8) and the one folding for comparisons.

Comparing and sorting never rely on the database's collation: PostgreSQL and Python fold
differently (Kelvin sign, long s, dotted I, sharp s), so folded values are computed here, once.
"""

import unicodedata


def normalize(text: str) -> str:
    """`text` in NFC; ASCII, the common case, is returned as it is."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """`text` for comparing and searching: NFKC, case folded, accents stripped.

    Idempotent: folding a folded text changes nothing.
    """
    if text.isascii():
        return text.lower()
    # Case folding can produce text that is not normalised, hence the second round.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    decomposed = unicodedata.normalize("NFKD", folded)
    stripped = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", stripped).casefold()


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold `text`: no NUL character and no lone surrogate."""
    if text.isascii():
        return "\x00" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
