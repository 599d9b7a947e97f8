"""Bodies that are wrong, and values that must arrive as they were sent (DP)."""

from typing import Any

import pytest

from contacts.models import ChangeSet, Contact
from tests.contacts.details_steps import FREE, details_of, unchanged
from tests.factories.fixtures import World


def nested(depth: int) -> bytes:
    return b'{"details":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("dp01 deep", nested(990)),
        ("dp01 very deep", nested(100_000)),
        ("dp03 NUL", b'{"details":{"person":{"nickname":"a\\u0000b"}}}'),
        ("dp03 NUL in a key", b'{"details":{"person":{"a\\u0000b":1}}}'),
        ("dp03 surrogate", b'{"details":{"person":{"nickname":"\\ud800"}}}'),
        ("dp06 NaN", b'{"details":{"person":{"height":NaN}}}'),
        ("dp06 Infinity", b'{"details":{"person":{"height":Infinity}}}'),
        ("dp06 -Infinity", b'{"details":{"person":{"height":-Infinity}}}'),
        ("dp06 1e400", b'{"details":{"person":{"height":1e400}}}'),
        ("dp08 digits", b'{"details":{"person":{"height":' + b"9" * 4000 + b"}}}"),
        ("dp09 duplicate field", b'{"details":{"person":{"height":1,"height":2}}}'),
        ("dp09 duplicate details", b'{"details":{},"details":{}}'),
        ("dp10 __proto__", b'{"details":{"__proto__":{"a":1}}}'),
        ("dp10 constructor", b'{"details":{"constructor":1}}'),
        ("dp10 toString", b'{"details":{"person":{"toString":"x"}}}'),
        ("dp10 dotted", b'{"details":{"person.nickname":"x"}}'),
        ("dp10 index", b'{"details":{"notes[0]":{"text":"x"}}}'),
        ("blank", b" "),
        ("no json", b"{"),
        ("array", b"[]"),
        ("null", b"null"),
        ("dp17 UTF-16", '{"details":{}}'.encode("utf-16")),
        ("dp17 BOM", b"\xef\xbb\xbf" + b'{"details":{}}'),
        ("bad UTF-8", b'{"details":{"person":{"nickname":"\xff"}}}'),
        ("unknown member", b'{"details":{},"detials":{}}'),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_dp_a_wrong_body_is_refused(
    world: World, contact: Contact, path: str, name: str, sent: bytes, method: str
) -> None:
    answer = world.api().call(method, path, sent)

    assert answer.status_code == 400, name
    assert set(answer.json()) >= {"code", "subCode", "message", "correlationId"}
    assert unchanged(contact)


def test_dp02_a_body_that_is_too_large_is_refused_before_it_is_read(
    world: World, contact: Contact, path: str
) -> None:
    answer = world.api().patch(path, b'{"details":{"person":{"nickname":"' + b"x" * 1_100_000)

    assert answer.status_code == 413
    assert answer.json()["code"] == "PayloadTooLarge"
    assert unchanged(contact)


@pytest.mark.parametrize("number", [2**53 + 1, -(2**63), 2**63 - 1, 0.1, 1e15, 5e-324])
def test_dp08_numbers_are_exact(world: World, contact: Contact, path: str, number: float) -> None:
    answer = world.api().patch(path, {"details": {"person": {"height": number}}})
    again = world.api().patch(path, {"details": {"person": {"height": number}}})

    assert answer.status_code == 200, answer.content
    assert (answer.status_code, again["ETag"]) == (200, '"2"')
    assert world.api().get(path).json()["details"]["person"]["height"] == number


def test_dp15_composed_and_decomposed_text_is_one_value(
    world: World, contact: Contact, path: str
) -> None:
    for nickname in ("e\u0301", "\u00e9"):
        world.api().patch(path, {"details": {"person": {"nickname": nickname}}})

    assert details_of(contact)["person"]["nickname"] == "\u00e9"
    assert ChangeSet.objects.filter(contact=contact).count() == 2


@pytest.mark.parametrize(
    "content_type",
    ["application/xml", "text/plain", "application/json; charset=bogus", "multipart/form-data", ""],
)
def test_dp17_only_json_in_utf_8_is_read(
    world: World, contact: Contact, path: str, content_type: str
) -> None:
    answer = world.api().patch(path, FREE, Content_Type=content_type)

    assert answer.status_code == 415
    assert unchanged(contact)


def test_dp17_an_encoded_body_is_refused(world: World, path: str) -> None:
    assert world.api().patch(path, FREE, Content_Encoding="gzip").status_code == 415


def test_dp20_one_bad_element_of_many_is_named(world: World, contact: Contact, path: str) -> None:
    rows: list[dict[str, Any]] = [{"text": str(number)} for number in range(1000)]
    rows[637]["weight"] = "heavy"

    answer = world.api().patch(path, {"details": {"notes": rows}})

    assert answer.status_code == 400
    assert [error["path"] for error in answer.json()["properties"]["errors"]] == [
        "notes[637].weight"
    ]
    assert unchanged(contact)


def test_dp_a_mixed_array_is_refused(world: World, contact: Contact, path: str) -> None:
    answer = world.api().patch(path, {"details": {"notes": [{"text": "x"}, 5, None, []]}})

    assert answer.status_code == 400
    assert unchanged(contact)
