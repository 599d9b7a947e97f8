"""The strict parser (F3, D8; threats DP-01 to DP-10) and the renderer."""

import json
import uuid
from datetime import UTC, datetime
from decimal import Decimal

import orjson
import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from config.common.exceptions import BadRequest
from config.common.json import dumps, parse_strict
from tests.factories.documents import examples
from tests.factories.effort import calls_of, cpu_seconds


def refusal(data: bytes, **options: int) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        parse_strict(data, **options)
    return caught.value


def errors(data: bytes) -> list[tuple[str, str]]:
    properties = refusal(data).properties
    assert properties is not None
    return [(error["path"], error["code"]) for error in properties["errors"]]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a":{"b":[1,2.5,"x",true,null]}}', {"a": {"b": [1, 2.5, "x", True, None]}}),
        (b' {"a" : 1 , "b" : [ ] } ', {"a": 1, "b": []}),
        (b"[]", []),
        (b'"text"', "text"),
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        (b"9007199254740993", 2**53 + 1),
        (b"0.10", 0.1),
        (b"1e2", 100.0),
        (b"1e18", 1e18),
        (b"-0", 0),
        ('"Zoë \\u00e9 \\ud83d\\ude00"'.encode(), "Zoë é 😀"),
        (b'"\\\\u0000"', "\\u0000"),
        (b'{"id":"4e57-1e20"}', {"id": "4e57-1e20"}),
        (b'"' + b"[" * 40 + b'"', "[" * 40),
    ],
)
def test_f3_what_json_can_say_exactly_is_taken(data: bytes, value: object) -> None:
    parsed = parse_strict(data)

    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{'a':1}",
        b'{"a":1,}',
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"1e400",
        b"7" * 4000,
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'"\x00"',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        b"\x1f\x8b\x08\x00",
        b"01",
        b"1.",
        b'{"a":1} x',
    ],
)
def test_dp_malformed_documents_are_refused_by_position(data: bytes) -> None:
    error = refusal(data)

    assert error.properties is None
    assert "line" in error.message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"f":"a","f":"b"}', [("f", "DuplicateKey")]),
        (b'{"details":{},"details":{}}', [("details", "DuplicateKey")]),
        (b'{"rows":[{},{"a":{"b":1,"b":1}}]}', [("rows[1].a.b", "DuplicateKey")]),
        (b'[{"\\u0061":1,"a":2}]', [("[0].a", "DuplicateKey")]),
        (b'{"a":"\\u0000"}', [("a", "IllegalCharacter")]),
        (b'{"a":["x","y\\u0000"]}', [("a[1]", "IllegalCharacter")]),
        (b'{"a":[1,2.5,null],"b":{"c":"\\u0000"}}', [("b.c", "IllegalCharacter")]),
        (b'{"a":{"\\u0000":1}}', [("a", "IllegalCharacter")]),
        (b'{"a":9223372036854775808}', [("a", "NumberOutOfRange")]),
        (b'{"a":-9223372036854775809}', [("a", "NumberOutOfRange")]),
        (b'{"a":' + b"7" * 25 + b"}", [("a", "NumberOutOfRange")]),
        (b'{"a":9.3e18}', [("a", "NumberOutOfRange")]),
        (b'{"a":-1e300}', [("a", "NumberOutOfRange")]),
        (b'{"a":1e-400}', [("a", "NumberOutOfRange")]),
        (b'{"a":1e-99999999999999999999}', [("a", "NumberOutOfRange")]),
        (b'{"a":0.1000000000000000055}', [("a", "NumberOutOfRange")]),
        (b'{"a":9007199254740993.0}', [("a", "NumberOutOfRange")]),
        (b'{"a":0.' + b"0" * 200 + b"}", [("a", "NumberOutOfRange")]),
    ],
)
def test_f3_what_would_be_lost_or_rounded_is_refused_by_path(
    data: bytes, expected: list[tuple[str, str]]
) -> None:
    assert errors(data) == expected


def test_f1_the_refusal_never_repeats_a_value() -> None:
    error = refusal(b'{"iban":"CH93-secret","iban":"other-secret"}')

    assert "secret" not in dumps([error.message, error.properties]).decode()


def test_f3_a_very_long_path_is_cut() -> None:
    [(path, _)] = errors(b'{"' + b"k" * 5000 + b'":{"a":1,"a":1}}')

    assert path == "k" * 200


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_dp01_nesting_up_to_the_limit_is_taken(opening: bytes) -> None:
    closing = b"}" if opening.startswith(b"{") else b"]"
    inner = 32 - 1

    assert parse_strict(opening * inner + b"{}" + closing * inner)
    assert "32 deep" in refusal(opening * 32 + b"{}" + closing * 32).message
    assert parse_strict(opening * 99 + b"{}" + closing * 99, max_depth=100)
    assert refusal(opening * 100 + b"{}" + closing * 100, max_depth=100)


def test_f3_many_flat_containers_are_not_deep() -> None:
    assert len(parse_strict(b"[" + b",".join([b"{}"] * 1000) + b"]")) == 1000


@pytest.mark.parametrize("depth", [990, 1100, 100_000])
def test_dp01_bottomless_nesting_is_refused_cheaply(depth: int) -> None:
    body = b'{"details":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"

    # 32 levels are looked at, however many there are.
    assert calls_of(lambda: refusal(body)) < 400
    assert cpu_seconds(lambda: refusal(body)) < 2


def test_f3_long_numbers_are_refused_cheaply() -> None:
    # Converting so many digits would take most of a minute.
    assert cpu_seconds(lambda: refusal(b"[" + b"1" * 900_000 + b"]")) < 2
    assert cpu_seconds(lambda: refusal(b"[0." + b"1" * 900_000 + b"]")) < 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-9e18, 9e18, allow_nan=False)
    | st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=8),
            children,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@examples(300)
@given(json_values)
def test_f3_both_ways_of_reading_agree(value: object) -> None:
    compact = orjson.dumps(value)
    spaced = json.dumps(value).encode()

    assert parse_strict(compact, max_depth=100) == value
    assert parse_strict(spaced, max_depth=100) == value


def test_dumps_writes_the_contract_s_forms() -> None:
    moment = datetime(2019, 8, 24, 14, 15, 22, 123456, tzinfo=UTC)
    uid = uuid.UUID("5b1e0f6c-9a3f-4c58-8a6e-2f6a3c1d9b7e")

    written = dumps({"at": moment, "uid": uid, "share": Decimal("0.6"), "t": gettext_lazy("Yes")})

    assert written == (
        b'{"at":"2019-08-24T14:15:22.123456Z","uid":"5b1e0f6c-9a3f-4c58-8a6e-2f6a3c1d9b7e",'
        b'"share":0.6,"t":"Yes"}'
    )
    with pytest.raises(TypeError, match="not JSON serializable"):
        dumps(object())
