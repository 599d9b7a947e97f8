"""JSON values as the product compares them."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

JsonValue = Any  # Any: a JSON value; the strict parser and the schema decide what it can be.
Document = dict[str, JsonValue]


def same(first: JsonValue, second: JsonValue) -> bool:
    """Whether two JSON values are equal: `1` is `1.0`, but `true` is not `1` (D3)."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(
            same(value, second[key]) for key, value in first.items()
        )
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second) and isinstance(first, bool) is isinstance(second, bool)


def details_hash(document: Mapping[str, JsonValue]) -> bytes:
    """128 bits over the key-sorted text. Equal hashes mean equal documents; different ones only
    mean "compare properly" (`1` against `1.0`).
    """
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=16).digest()


def copy_document(document: Mapping[str, JsonValue]) -> Document:
    """A deep copy that shares nothing."""
    copied: Document = orjson.loads(orjson.dumps(document))
    return copied
