"""JSON in and out: a strict parser for what clients send, orjson for what they get.

Two parsers share the work. orjson is fast and strict about UTF-8, NaN, overflowing numbers and
surrogates, but keeps the last of two equal keys and rounds numbers. A document that orjson writes
back byte for byte can have neither, which is the usual case for machine-made JSON; any other one
is read again by the standard library's decoder, whose hooks see every pair and every number.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from django.conf import settings
from django.utils.functional import Promise

from config.common.exceptions import BadRequest, FieldError, fields_error
from config.common.text import is_storable

_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1
_FLOAT_LIMIT = 2.0**63
# More digits than any exactly representable number of a client needs; keeps Decimal cheap.
_MAX_NUMBER_LENGTH = 100
_MAX_PATH_LENGTH = 200
# orjson writes numbers from 1e16 on with an exponent; from 1e18 on they may lie beyond 64 bit.
_MAYBE_EXPONENT = re.compile(rb"e[1-9][0-9]")
_NUL_ESCAPE = b"\\u0000"


def parse_strict(
    data: bytes, *, max_depth: int = settings.MAX_JSON_DEPTH
) -> Any:  # Any: a JSON value
    """The JSON value in `data`, as str, int, float, bool, None, list and dict.

    Accepts RFC 8259 in UTF-8 without a byte order mark, nested at most `max_depth` deep (an empty
    object is 1 deep). Refuses duplicate keys, NaN and infinities, integers outside signed 64 bit,
    floats of 2^63 and more, floats that a double would round, NUL characters and lone surrogates
    (rule F3). Raises BadRequest that names the position or the path, never the value.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not valid JSON in UTF-8 (line {error.lineno}, column {error.colno})."
        ) from None
    # Brackets within texts count too; a document without any is a scalar.
    if data.count(b"{") + data.count(b"[") > max_depth and type(value) in (dict, list):
        _require_depth(value, max_depth)
    if _is_canonical(data, value):
        return value
    return _parse_carefully(data)


def _require_depth(value: Any, max_depth: int) -> None:  # Any: a JSON value
    """Level by level, so that no nesting can exhaust the stack."""
    containers = [value]
    for _ in range(max_depth):
        containers = [
            child
            for container in containers
            for child in (container.values() if type(container) is dict else container)
            if type(child) in (dict, list)
        ]
        if not containers:
            return
    raise BadRequest(f"The body is nested more than {max_depth} deep.")


def _is_canonical(data: bytes, value: Any) -> bool:  # Any: a JSON value
    """Whether `data` can hide nothing that orjson let through.

    Equal bytes rule out duplicate keys and rounded numbers; the strict option integers beyond 53
    bit; what is left are floats beyond 64 bit and NUL characters.
    """
    if _NUL_ESCAPE in data or _MAYBE_EXPONENT.search(data):
        return False
    try:
        return orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER) == data
    except orjson.JSONEncodeError:
        return False


class _RefusedError(Exception):
    """Something in the document is refused; `_errors` finds out where."""


def _parse_carefully(data: bytes) -> Any:  # Any: a JSON value
    text = data.decode()
    try:
        value = _careful_decoder.decode(text)
        is_refused = _NUL_ESCAPE in data
    except _RefusedError:
        is_refused = True
    if is_refused:
        # An escaped backslash before u0000 looks like a NUL character; then nothing is found.
        for error in _errors(_tracing_decoder.decode(text), ""):
            raise fields_error(error)
    return value


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON values
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError
    return members


def _integer(text: str) -> int:
    # 20 characters hold every 64-bit integer; converting thousands of digits would be slow.
    if len(text) > 20 or not _INT64_MIN <= (number := int(text)) <= _INT64_MAX:
        raise _RefusedError
    return number


def _float(text: str) -> float:
    number = float(text)
    if not -_FLOAT_LIMIT < number < _FLOAT_LIMIT or len(text) > _MAX_NUMBER_LENGTH:
        raise _RefusedError
    shortest = repr(number)
    try:
        is_rounded = shortest != text and Decimal(shortest) != Decimal(text)
    except InvalidOperation:  # an exponent beyond even Decimal's
        is_rounded = True
    if is_rounded:
        raise _RefusedError
    return number


class _Pairs(list[tuple[str, Any]]):  # Any: JSON values
    """An object with all its pairs, equal keys too."""


class _Integer(str):
    """An integer as it was written."""

    __slots__ = ()


class _Float(str):
    """A float as it was written."""

    __slots__ = ()


_careful_decoder = json.JSONDecoder(
    object_pairs_hook=_unique_pairs, parse_int=_integer, parse_float=_float
)
_tracing_decoder = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=_Integer, parse_float=_Float
)


def _errors(value: Any, path: str) -> Iterator[FieldError]:  # Any: a traced JSON value
    """What is refused below `path`, in order; recursion is bounded by the checked depth."""
    if isinstance(value, _Pairs):
        yield from _object_errors(value, path)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _errors(child, f"{path}[{index}]")
    elif isinstance(value, (_Integer, _Float)):
        try:
            _integer(value) if isinstance(value, _Integer) else _float(value)
        except _RefusedError:
            message = "The number does not fit into 64 bit without rounding."
            yield FieldError(path, "NumberOutOfRange", message)
    elif isinstance(value, str) and not is_storable(value):
        yield FieldError(path, "IllegalCharacter", "The text holds a NUL character.")


def _object_errors(pairs: _Pairs, path: str) -> Iterator[FieldError]:
    seen: set[str] = set()
    for key, child in pairs:
        if not is_storable(key):
            yield FieldError(path, "IllegalCharacter", "A member's name holds a NUL character.")
        child_path = f"{path}.{key}" if path else key
        child_path = child_path[:_MAX_PATH_LENGTH]
        if key in seen:
            yield FieldError(child_path, "DuplicateKey", "The member occurs more than once.")
        seen.add(key)
        yield from _errors(child, child_path)


def dumps(value: object) -> bytes:
    """`value` as JSON in UTF-8.

    UUIDs as text, aware date-times in the product's UTC as `2019-08-24T14:15:22.123456Z`, lazy
    translations as text, decimals as numbers (those of the contract have at most six places).
    Raises TypeError for anything else that JSON does not know.
    """
    return orjson.dumps(value, default=_default, option=orjson.OPT_UTC_Z)


def _default(value: object) -> str | float:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
