"""The language of an answer (rule Q3): `?language=` first, then `Accept-Language` by quality."""

import re
from functools import lru_cache

from django.conf import settings

_TAG = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*|\*", re.ASCII)
_QUALITY = re.compile(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)", re.ASCII)
# What real clients send is below 200 characters; a longer header is resolved but not remembered.
_CACHED_LENGTH = 256
_MAX_RANGES = 100
_MAX_TAG_LENGTH = 100


def resolve_language(query_value: str | None, accept_language: str | None) -> str:
    """The supported language that fits best; never an error.

    RFC 4647 lookup (`de-CH` finds `de`), `q=0` excludes, `*` means the default language; unknown
    and malformed values are skipped. Nothing fits: the default, `settings.LANGUAGE_CODE`.
    """
    query, header = query_value or "", accept_language or ""
    if len(query) + len(header) > _CACHED_LENGTH:
        return _resolve(query, header)
    return _resolve_cached(query, header)


def _resolve(query: str, header: str) -> str:
    supported = _supported()
    asked = query.lower()
    if _is_tag(asked) and asked != "*":
        found = _lookup(asked, supported)
        if found is not None:
            return found
    return _by_quality(header, supported) or settings.LANGUAGE_CODE


_resolve_cached = lru_cache(maxsize=1024)(_resolve)


def _supported() -> tuple[str, ...]:
    """The default language first, because `*` takes the first that is not excluded."""
    codes = [code.lower() for code, _ in settings.LANGUAGES]
    return tuple(sorted(codes, key=lambda code: code != settings.LANGUAGE_CODE))


def _by_quality(header: str, supported: tuple[str, ...]) -> str | None:
    ranges = [_parse_range(part) for part in header.split(",", _MAX_RANGES)[:_MAX_RANGES]]
    weighted = [(tag, quality) for tag, quality in ranges if tag]
    excluded = {tag for tag, quality in weighted if quality == 0}
    allowed = tuple(code for code in supported if code not in excluded)
    for tag, quality in sorted(weighted, key=lambda item: -item[1]):
        if quality == 0:
            break
        found = _lookup(tag, allowed)
        if found is not None:
            return found
    return None


def _parse_range(part: str) -> tuple[str, float]:
    """Tag and quality of one element; an empty tag when it is malformed."""
    tag, semicolon, parameter = part.partition(";")
    tag = tag.strip().lower()
    if not _is_tag(tag):
        return "", 0.0
    if not semicolon:
        return tag, 1.0
    match = _QUALITY.fullmatch(parameter.replace(" ", "").lower())
    return (tag, float(match[1])) if match else ("", 0.0)


def _is_tag(tag: str) -> bool:
    # Cutting subtags costs the square of the length.
    return len(tag) <= _MAX_TAG_LENGTH and _TAG.fullmatch(tag) is not None


def _lookup(tag: str, supported: tuple[str, ...]) -> str | None:
    """RFC 4647, section 3.4: cut subtags from the end, a single-letter one with its follower."""
    if tag == "*":
        return supported[0] if supported else None
    subtags = tag.split("-")
    while subtags:
        candidate = "-".join(subtags)
        if candidate in supported:
            return candidate
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return None
