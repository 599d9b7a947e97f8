"""Reads single values of a component. What does not fit raises ValueError, never another type."""

import re
from datetime import date
from typing import Any, Final

TEXT_FORBIDDEN: Final = ("<", "{{")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,15})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_empty(value: Any) -> bool:  # Any: a JSON value
    """Whether a value is what the builder writes for an input left alone."""
    return value is None or value == "" or value == [] or value == {}


def is_plain_text(value: str) -> bool:
    """Whether no renderer can take the text for markup or a template."""
    return not any(mark in value for mark in TEXT_FORBIDDEN)


def as_switch(value: Any) -> bool:  # Any: a JSON value
    """A JSON boolean."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def as_number(value: Any) -> int | float:  # Any: a JSON value
    """A finite number, or its text, since the builder's inputs may write texts."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def as_count(value: Any, *, least: int = 0, most: int = 1_000_000) -> int:  # Any: a JSON value
    """A whole number from `least` to `most`."""
    number = as_number(value)
    if not isinstance(number, int) or not least <= number <= most:
        raise ValueError(f"must be a whole number from {least} to {most}")
    return number


def as_date(value: Any) -> str:  # Any: a JSON value
    """A fixed day as `YYYY-MM-DD`; of a date-time the day that was written, in no other zone."""
    day = value[:10] if isinstance(value, str) and value[10:11] in {"", "T"} else ""
    try:
        if not _ISO_DATE.fullmatch(day):
            raise ValueError
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise ValueError("must be a fixed day such as 2024-12-31") from None


def as_scalar(value: Any) -> str | int | float | bool:  # Any: a JSON value
    """A text without markup, a number or a boolean."""
    if isinstance(value, str) and not is_plain_text(value):
        raise ValueError("must not contain “<” or “{{”")
    if not isinstance(value, (str, int, float, bool)):
        raise ValueError("must be a text, a number or a boolean")
    return value


def as_default(value: Any) -> Any:  # Any: a JSON value
    """The initial value of a form field: a scalar or an array of scalars."""
    if isinstance(value, list):
        return [as_scalar(item) for item in value]
    return as_scalar(value)
