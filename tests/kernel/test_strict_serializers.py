"""Strict serializers and fields (Q4, C8, D8; threats DP-10, DP-20)."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import pytest

from config.common.exceptions import BadRequest
from config.common.fields import (
    DateTimeField,
    JsonObject,
    StrictBoolean,
    StrictEnum,
    StrictInteger,
    StrictList,
    StrictString,
    StrictUuid,
)
from config.common.serializers import StrictSerializer, camel_case
from tests.factories.effort import calls_of

UID = "5b1e0f6c-9a3f-4c58-8a6e-2f6a3c1d9b7e"


class Order(StrEnum):
    ASCENDING = "Ascending"
    DESCENDING = "Descending"


class Row(StrictSerializer):
    path = StrictString(max_length=5)


class Everything(StrictSerializer):
    page_size = StrictInteger(required=False, allow_null=True)
    share_count = StrictInteger(bits=64, minimum=1, maximum=2**40, required=False)
    is_approved = StrictBoolean(required=False)
    comment = StrictString(required=False, allow_null=True, allow_blank=True, max_length=10)
    name = StrictString(required=False)
    created_from = DateTimeField(required=False)
    contact_uids = StrictList(child=StrictUuid(), required=False, allow_null=True)
    sort_order = StrictEnum(Order, default=Order.ASCENDING)
    details = JsonObject(required=False)
    row = Row(required=False, allow_null=True)
    rows = StrictList(child=Row(), required=False)

    class Meta:
        wire_names = {"contact_uids": "contactUIds"}


def errors(data: object) -> list[tuple[str, str]]:
    with pytest.raises(BadRequest) as caught:
        Everything.parse(data)
    assert caught.value.properties is not None
    return [(error["path"], error["code"]) for error in caught.value.properties["errors"]]


def test_q4_members_come_back_under_their_python_names() -> None:
    parsed = Everything.parse(
        {
            "pageSize": 3,
            "shareCount": 2**33,
            "isApproved": False,
            "comment": "",
            "name": " Zoe\u0308 ",
            "createdFrom": "2019-08-24T14:15:22",
            "contactUIds": [UID.upper()],
            "sortOrder": "Descending",
            "details": {"a": [None, {"b": "x"}]},
            "row": {"path": "a"},
            "rows": [{"path": "b"}],
        }
    )

    assert parsed == {
        "page_size": 3,
        "share_count": 2**33,
        "is_approved": False,
        "comment": "",
        "name": " Zoë ",
        "created_from": datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC),
        "contact_uids": [UUID(UID)],
        "sort_order": Order.DESCENDING,
        "details": {"a": [None, {"b": "x"}]},
        "row": {"path": "a"},
        "rows": [{"path": "b"}],
    }


def test_q4_missing_members_stay_missing_but_for_defaults() -> None:
    assert Everything.parse({}) == {"sort_order": Order.ASCENDING}


def test_q4_null_is_kept_where_it_is_allowed() -> None:
    parsed = Everything.parse({"pageSize": None, "contactUIds": None, "row": None})

    assert parsed == {
        "page_size": None,
        "contact_uids": None,
        "row": None,
        "sort_order": Order.ASCENDING,
    }


@pytest.mark.parametrize("data", [[], "x", 1, True])
def test_q4_the_body_must_be_an_object(data: object) -> None:
    assert errors(data) == [("", "Invalid")]


def test_q4_a_null_body_is_refused() -> None:
    assert errors(None) == [("", "Null")]


@pytest.mark.parametrize(
    "name", ["pagesize", "page_size", "contactUids", "__proto__", "constructor", "toString"]
)
def test_q4_dp10_unknown_members_are_refused(name: str) -> None:
    assert errors({name: 1}) == [(name, "Unknown")]


def test_q4_the_name_of_an_unknown_member_is_cut() -> None:
    assert errors({"x" * 500: 1}) == [("x" * 100, "Unknown")]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("pageSize", "1", "Invalid"),
        ("pageSize", " 7 ", "Invalid"),
        ("pageSize", 1.0, "Invalid"),
        ("pageSize", True, "Invalid"),
        ("pageSize", "\u0661", "Invalid"),
        ("pageSize", 2**31, "Range"),
        ("pageSize", -(2**31) - 1, "Range"),
        ("shareCount", 0, "Range"),
        ("shareCount", 2**40 + 1, "Range"),
        ("isApproved", 1, "Invalid"),
        ("isApproved", "true", "Invalid"),
        ("isApproved", None, "Null"),
        ("comment", 1, "Invalid"),
        ("comment", True, "Invalid"),
        ("comment", "x" * 11, "MaxLength"),
        ("comment", "a\x00", "Character"),
        ("comment", "\ud800", "Character"),
        ("name", "", "Blank"),
        ("createdFrom", "2019-08-24", "Invalid"),
        ("createdFrom", 1566656122, "Invalid"),
        ("contactUIds", UID, "NotAList"),
        ("contactUIds", {}, "NotAList"),
        ("sortOrder", "ascending", "InvalidChoice"),
        ("sortOrder", 0, "InvalidChoice"),
        ("sortOrder", None, "Null"),
        ("sortOrder", ["Ascending"], "InvalidChoice"),
        ("details", [], "Invalid"),
        ("details", "{}", "Invalid"),
        ("row", [], "Invalid"),
    ],
)
def test_d8_c8_nothing_is_coerced(name: str, value: object, code: str) -> None:
    assert errors({name: value}) == [(name, code)]


@pytest.mark.parametrize("uid", [UID.replace("-", ""), f"{{{UID}}}", f"urn:uuid:{UID}", 5, "x"])
def test_d8_uuids_have_one_form(uid: object) -> None:
    assert errors({"contactUIds": [uid]}) == [("contactUIds[0]", "Invalid")]


def test_dp20_every_error_names_its_element() -> None:
    data = {
        "rows": [{"path": "a"}, {}, {"path": "toolong", "more": 1}, None],
        "row": {"path": 1},
        "pageSize": "1",
    }

    assert sorted(errors(data)) == [
        ("pageSize", "Invalid"),
        ("row.path", "Invalid"),
        ("rows[1].path", "Required"),
        ("rows[2].more", "Unknown"),
        ("rows[2].path", "MaxLength"),
        ("rows[3]", "Null"),
    ]


def test_dp20_one_bad_element_of_a_thousand_is_named() -> None:
    assert errors({"contactUIds": [UID] * 700 + ["x"] + [UID] * 299}) == [
        ("contactUIds[700]", "Invalid")
    ]


def test_dp20_the_list_of_errors_is_bounded() -> None:
    assert len(errors({"contactUIds": ["x"] * 1000})) == 100


def test_f1_messages_never_repeat_values() -> None:
    with pytest.raises(BadRequest) as caught:
        Everything.parse({"comment": "secret-secret", "sortOrder": "secret", "pageSize": "secret"})

    assert "secret" not in str(caught.value.properties)


def test_wire_names_are_camel_case() -> None:
    assert camel_case("review_member_uids") == "reviewMemberUids"
    assert camel_case("page") == "page"


class Small(StrictSerializer):
    is_approved = StrictBoolean()
    comment = StrictString(allow_null=True, required=False, max_length=2000)


def test_parsing_a_small_body_is_cheap() -> None:
    body = {"isApproved": True, "comment": "Checked with the client."}
    Small.parse(body)

    assert calls_of(lambda: Small.parse(body)) < 100
