"""Patterns: the linear dialect, and agreement of the types' own patterns with their formats."""

import re
from datetime import date, timedelta

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmschema.compiler.patterns import (
    DATE_PATTERN,
    DATE_TIME_PATTERN,
    EMAIL_LOCAL_PATTERN,
    EMAIL_MAX_LENGTH,
    EMAIL_PATTERN,
    NON_BLANK,
    REGEX_OPTIONS,
    URL_PATTERN,
    PatternError,
    anchored,
    date_bound_pattern,
)
from tests.factories.documents import examples


def matches(pattern: str, text: str) -> bool:
    schema = {"pattern": pattern}
    return jsonschema_rs.Draft202012Validator(schema, pattern_options=REGEX_OPTIONS).is_valid(text)


def matches_in_python(pattern: str, text: str) -> bool:
    return re.search(pattern.removesuffix("$") + r"\Z", text) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)",
        "(?!a)",
        "(?<=a)b",
        "(?<!a)b",
        "(?P<x>a)",
        "(?i)a",
        r"(a)\1",
        r"\d",
        r"\w",
        r"\s",
        r"\b",
        r"\p{L}",
        r"\x41",
        r"\u0041",
        "[a&&b]",
        "[a--b]",
        "[[a]]",
        "[]",
        "[z-a]",
        "[a",
        "a**",
        "a*?",
        "*a",
        "(*a)",
        "a|*",
        "^*",
        "a{",
        "a{,3}",
        "a{1,2}{3}",
        "a{1001}",
        "(a{1000}){1000}",
        "(a",
        "a)",
        "\\",
        "a" * 1001,
    ],
)
def test_sc01_pattern_outside_the_linear_dialect_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        anchored(pattern)


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("A|B", "A", "AZZZ"),
        ("[A-Z0-9][A-Z0-9 -]{1,10}", "8001", "x"),
        ("^[a-z]+$", "abc", "abc\n"),
        ("(?:ab)?c", "abc", "ab"),
        (r"a\.b", "a.b", "axb"),
        (r"a\-b", "a-b", "ab"),
        (r"[\-a\]]+", "-a]", "b"),
        (r"\(\)\[\]\{\}\*\+\?\|\^\$\/", "()[]{}*+?|^$/", "("),
        (r"a\tb\nc\r", "a\tb\nc\r", "abc"),
        (".{1,2}", "äö", "a\n"),
        (".", "\u2028", "\r"),
        ("a{2}", "aa", "a"),
        ("a{2,}", "aaa", "a"),
        ("", "", "a"),
    ],
)
def test_dialect_means_the_same_in_rust_and_python(pattern: str, good: str, bad: str) -> None:
    emitted = anchored(pattern)

    assert emitted.startswith("^(?:")
    assert matches(emitted, good)
    assert matches_in_python(emitted, good)
    assert not matches(emitted, bad)
    assert not matches_in_python(emitted, bad)


@pytest.mark.parametrize(
    ("text", "is_blank"),
    [
        ("", True),
        (" \t\r\n", True),
        ("\u00a0\u2003\ufeff", True),
        ("a", False),
        (" \u00e4 ", False),
    ],
)
def test_blank_means_the_same_in_rust_and_python(text: str, is_blank: bool) -> None:
    assert matches(NON_BLANK, text) is not is_blank
    assert (re.search(NON_BLANK, text) is None) is is_blank


def has_format(name: str, text: str) -> bool:
    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid(
        text
    )


@pytest.mark.untraced
@given(st.from_regex(re.compile(URL_PATTERN, re.ASCII), fullmatch=True))
@examples(200)
def test_url_pattern_is_narrower_than_the_format(text: str) -> None:
    text = text.rstrip("\n")

    assert not matches(URL_PATTERN, text) or has_format("uri", text)


@pytest.mark.untraced
@given(st.from_regex(re.compile(EMAIL_PATTERN, re.ASCII), fullmatch=True))
@examples(200)
def test_email_patterns_are_narrower_than_the_format(text: str) -> None:
    text = text.rstrip("\n")

    is_valid = (
        len(text) <= EMAIL_MAX_LENGTH
        and matches(EMAIL_PATTERN, text)
        and matches(EMAIL_LOCAL_PATTERN, text)
    )
    assert not is_valid or has_format("email", text)


@pytest.mark.parametrize(
    "text",
    ["a@", "a@b", "a..b@example.com", ".a@example.com", "a@-b.com", "ä@example.com", "a b@c.de"],
)
def test_odd_emails_are_refused(text: str) -> None:
    assert not matches(EMAIL_PATTERN, text)


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("https://example.com", True),
        ("http://example.com:8080/a/b?c=d&e=f?#g", True),
        ("https://example.com/%20", True),
        ("https://example.com/%zz", False),
        ("ftp://example.com", False),
        ("javascript:alert(1)", False),
        ("https://user:secret@example.com", False),
        ("https://exa mple.com", False),
        ("https://", False),
    ],
)
def test_urls(text: str, is_valid: bool) -> None:
    assert matches(URL_PATTERN, text) is is_valid


def test_date_pattern_knows_the_calendar() -> None:
    for year in (1, 4, 100, 400, 1899, 1900, 1999, 2000, 2023, 2024, 2100, 9996, 9999):
        for month in range(14):
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}"
                assert matches_in_python(DATE_PATTERN, text) is _is_date(text), text
    assert not matches(DATE_PATTERN, "0000-01-01")
    assert not matches(DATE_PATTERN, "2024-02-29\n")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("2024-02-29T23:59:59Z", True),
        ("2024-02-29T00:00:00.1234567+14:00", True),
        ("2023-02-29T00:00:00Z", False),
        ("2024-02-29T24:00:00Z", False),
        ("2024-02-29T00:00:00", False),
        ("2024-02-29 00:00:00Z", False),
        ("2024-02-29", False),
    ],
)
def test_date_times(text: str, is_valid: bool) -> None:
    assert matches(DATE_TIME_PATTERN, text) is is_valid
    assert not is_valid or has_format("date-time", text)


@pytest.mark.parametrize(
    "bound", ["1850-01-01", "1900-01-01", "1999-12-31", "2024-02-29", "2099-09-19"]
)
def test_date_bounds_are_exact_for_every_day_from_1850_to_2099(bound: str) -> None:
    limit = date.fromisoformat(bound)
    least = re.compile(date_bound_pattern(limit, is_minimum=True, is_date_time=False))
    most = re.compile(date_bound_pattern(limit, is_minimum=False, is_date_time=True))

    for offset in range((date(2099, 12, 31) - date(1850, 1, 1)).days + 1):
        day = date(1850, 1, 1) + timedelta(days=offset)
        assert (least.search(day.isoformat()) is not None) is (day >= limit)
        assert (most.search(f"{day}T00:00:00Z") is not None) is (day <= limit)
