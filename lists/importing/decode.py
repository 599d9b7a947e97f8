"""From the bytes of a file to entries. What it is called and said to be counts for nothing."""

from django.utils.translation import gettext

from config.common.text import is_storable, normalize
from lists.exceptions import ListFileInvalid
from lists.importing.csv_file import decode_csv
from lists.importing.json_file import decode_json
from lists.importing.rows import MAX_BYTES, Decoded, require_row_count


def decode(data: bytes) -> Decoded:
    """The entries of a CSV or JSON file in UTF-8, with or without a byte order mark.

    Raises ListFileInvalid when the file as a whole cannot be read.
    """
    if len(data) > MAX_BYTES:
        text = gettext("The file is larger than %(limit)d MB.")
        raise ListFileInvalid(text % {"limit": MAX_BYTES // 1024 // 1024})
    text = _text(data)
    decoded = decode_json(text) if text.lstrip()[:1] in ("[", "{") else decode_csv(text)
    require_row_count(len(decoded.rows) + len(decoded.refusals))
    return decoded


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reason = gettext("The file is not UTF-8 (line %(line)d). Save it as “CSV UTF-8”.")
        raise ListFileInvalid(reason % {"line": line}) from None
    if not is_storable(text):
        raise ListFileInvalid("The file holds a NUL character.")
    return normalize(text)
