"""Patterns: the linear dialect that schemas may use, and the ones that types bring along.

The dialect is RFC 9485 (I-Regexp) without character properties, plus anchors and `(?:…)`: what
ECMAScript, Rust and Python engines all read in the same way, and what needs no backtracking.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

import jsonschema_rs

REGEX_OPTIONS: Final = jsonschema_rs.RegexOptions(size_limit=1_000_000)
_MAX_PATTERN_LENGTH = 1_000
_MAX_REPETITIONS = 250

# Written out, because `\s` means another set in each engine.
_SPACES: Final = "\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NON_BLANK: Final = f"[^{_SPACES}]"

_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY_OF_MONTH = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DATE = f"(?:{_LEAP_YEAR}-02-29|{_YEAR}-{_DAY_OF_MONTH})"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,7})?"
_OFFSET = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_URL_CHARACTER = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})"

# All are narrower than the format of the same name, so that validators which check formats and
# those which do not give one verdict.
DATE_PATTERN: Final = f"^{_DATE}$"
DATE_TIME_PATTERN: Final = f"^{_DATE}T{_TIME}{_OFFSET}$"
EMAIL_PATTERN: Final = f"^{_ATOM}(?:\\.{_ATOM})*@(?:{_LABEL}\\.)+[A-Za-z]{{2,63}}$"
EMAIL_LOCAL_PATTERN: Final = "^[^@]{1,64}@"
EMAIL_MAX_LENGTH: Final = 254
PHONE_PATTERN: Final = "^\\+[1-9][0-9]{6,14}$"
URL_PATTERN: Final = (
    f"^https?://{_LABEL}(?:\\.{_LABEL})*(?::[0-9]{{1,5}})?"
    f"(?:/{_URL_CHARACTER}*)?(?:\\?(?:{_URL_CHARACTER}|\\?)*)?(?:#(?:{_URL_CHARACTER}|\\?)*)?$"
)
ITEM_KEY_PATTERN: Final = "^[A-Z][A-Z0-9_.-]{0,63}$"
# The patterns that stand for a format, for those who tell the one from the other.
FORMAT_PATTERNS: Final = frozenset(
    {
        DATE_PATTERN,
        DATE_TIME_PATTERN,
        EMAIL_PATTERN,
        EMAIL_LOCAL_PATTERN,
        PHONE_PATTERN,
        URL_PATTERN,
    }
)

_TOKEN = re.compile(
    r"""
    (?P<class>\[\^?(?:[^\[\]\\]|\\[\[\]\\^$.|?*+(){}/nrt-])*\])
    |(?P<quantifier>[*+?]|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})
    |(?P<open>\((?:\?:)?(?!\?))
    |(?P<close>\))
    |(?P<escape>\\[\[\]\\^$.|?*+(){}/nrt-])
    |(?P<dot>\.)
    |(?P<other>[\^$|])
    |(?P<literal>[^\[\](){}*+?.\\^$|])
    """,
    re.VERBOSE,
)
_SET_OPERATOR = re.compile(r"&&|--|~~|\|\|")
_REPETITIONS = re.compile(r"[0-9]+")


class PatternError(ValueError):
    """The pattern is outside the dialect; the message says why."""


@lru_cache(maxsize=2_000)
def anchored(pattern: str) -> str:
    """The pattern as it is emitted: it must match the whole value, in every engine alike.

    Raises PatternError when `pattern` is outside the linear dialect.
    """
    if len(pattern) > _MAX_PATTERN_LENGTH:
        raise PatternError(f"The pattern is longer than {_MAX_PATTERN_LENGTH} characters.")
    emitted = f"^(?:{_translated(pattern)})$"
    try:
        jsonschema_rs.Draft202012Validator({"pattern": emitted}, pattern_options=REGEX_OPTIONS)
    except ValueError:
        raise PatternError("The pattern is malformed or too large.") from None
    return emitted


def _translated(pattern: str) -> str:
    position, parts, can_repeat = 0, [], False
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise PatternError(_reason(pattern[position : position + 3], position))
        kind = str(token.lastgroup)
        if kind == "quantifier" and not can_repeat:
            raise PatternError(f"There is nothing to repeat at {position}.")
        can_repeat = kind not in {"quantifier", "open", "other"}
        parts.append(_translated_token(kind, token.group(), position))
        position = token.end()
    return "".join(parts)


def _translated_token(kind: str, text: str, position: int) -> str:
    """One token, written so that it means the same everywhere."""
    if kind == "dot":
        return "[^\\n\\r]"
    if text == "\\-":
        return "-"  # an error for ECMAScript in Unicode mode
    if kind == "class" and _SET_OPERATOR.search(text):
        raise PatternError(f"The class at {position} holds a set operator; escape one of the two.")
    if kind == "quantifier" and any(
        int(number) > _MAX_REPETITIONS for number in _REPETITIONS.findall(text)
    ):
        raise PatternError(f"More than {_MAX_REPETITIONS} repetitions at {position}.")
    return text


def _reason(text: str, position: int) -> str:
    if text.startswith("(?"):
        return f"Look-around, named groups and flags are not allowed (at {position})."
    if text.startswith("\\") and text[1:2].isdigit():
        return f"Back-references are not allowed (at {position})."
    if text.startswith("\\"):
        return f"The escape at {position} is not allowed; write classes out, such as [0-9]."
    return f"The pattern is malformed at {position}."


def date_bound_pattern(bound: date, *, is_minimum: bool, is_date_time: bool) -> str:
    """Texts whose first ten characters are a day not before (or not after) `bound`.

    Exact for every text that is a date at all: at each digit, either it differs to the right side
    and the rest is free, or it is equal and the next one decides.
    """
    text = bound.isoformat()
    alternatives = []
    for position, digit in enumerate(text):
        span = _digits(digit, is_minimum=is_minimum)
        if span:
            rest = "".join(
                "-" if character == "-" else "[0-9]" for character in text[position + 1 :]
            )
            alternatives.append(text[:position] + span + rest)
    alternatives.append(text)
    return f"^(?:{'|'.join(alternatives)}){'T' if is_date_time else '$'}"


def _digits(digit: str, *, is_minimum: bool) -> str:
    """The digits strictly above (or below) `digit`, as a class; empty when there are none."""
    if digit == "-" or digit == ("9" if is_minimum else "0"):
        return ""
    low, high = (int(digit) + 1, 9) if is_minimum else (0, int(digit) - 1)
    return str(low) if low == high else f"[{low}-{high}]"
