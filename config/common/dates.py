"""Date-times of requests (rule Q2): ISO 8601 in, aware UTC out."""

import re
from datetime import UTC, datetime

from config.common.exceptions import FieldError, fields_error

_FORM = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)


def parse_datetime(text: str) -> datetime:
    """The moment that `text` names, in UTC.

    Takes `2019-08-24T14:15:22`, with up to nine fractional digits (cut to microseconds) and `Z` or
    an offset; without one it is UTC. Raises ValueError for anything else: a date alone, a leap
    second, a day that does not exist, a moment outside the years 1 to 9999 in UTC.
    """
    if not _FORM.fullmatch(text):
        raise ValueError("not an ISO 8601 date-time")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def moment_parameter(text: str | None, *, name: str) -> datetime:
    """The moment that the query parameter `name` gives; it is required. Raises BadRequest."""
    try:
        return parse_datetime(text or "")
    except ValueError:
        message = "The value must be an ISO 8601 date-time; a plus sign in it is sent as %2B."
        raise fields_error(FieldError(name, "Invalid", message)) from None


def require_order(start: datetime | None, end: datetime | None, *, name: str) -> None:
    """Refuse a span whose `…From` lies after its `…To`; either may be missing.

    `name` is the members' common stem (`createDate`). Raises BadRequest.
    """
    if start is not None and end is not None and start > end:
        message = f"{name}From must not be after {name}To."
        raise fields_error(FieldError(f"{name}From", "Range", message))
