"""From a request body to the document that it proposes (D1, D3, D8)."""

from typing import Any

import pytest

from crmschema.documents import Mode, details_hash, merge_patch, normalise, propose, same
from tests.factories.schemas import tiny_compiled


def proposed(
    stored: dict[str, Any], body: dict[str, Any], *, put: bool = False, member: bool = False
) -> dict[str, Any]:
    mode = Mode.PUT if put else Mode.PATCH
    return propose(tiny_compiled(), stored=stored, body=body, mode=mode, for_member=member)


# RFC 7396, appendix A, the rows that are objects.
@pytest.mark.parametrize(
    ("stored", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({"a": "foo"}, {"b": {"c": None}}, {"a": "foo", "b": {}}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_d1_patch_is_a_merge_patch(
    stored: dict[str, Any], patch: dict[str, Any], merged: dict[str, Any]
) -> None:
    before = repr(stored)

    assert merge_patch(stored, patch) == merged
    assert repr(stored) == before


def test_d1_put_clears_what_is_missing() -> None:
    stored = {"person": {"firstName": "Ada", "nickname": "x"}, "notes": [{"text": "y"}]}

    assert proposed(stored, {"person": {"firstName": "Ada"}}, put=True) == {
        "person": {"firstName": "Ada"}
    }


def test_d1_put_of_a_member_keeps_read_only_fields_also_without_their_container() -> None:
    stored = {"person": {"firstName": "Ada", "score": 7}}

    assert proposed(stored, {"notes": [{"text": "x"}]}, put=True, member=True) == {
        "person": {"score": 7},
        "notes": [{"text": "x"}],
    }
    assert proposed(stored, {}, put=True) == {}


@pytest.mark.parametrize("put", [True, False])
def test_d1_read_only_fields_in_rows_are_kept_by_id(put: bool) -> None:
    stored = {
        "channels": {"addresses": [{"id": "p", "checkedBy": "Cy"}, {"id": "q", "checkedBy": "Dé"}]}
    }
    body = {"channels": {"addresses": [{"id": "q", "city": "x"}, {"id": "n", "city": "y"}]}}

    assert proposed(stored, body, put=put, member=True)["channels"]["addresses"] == [
        {"id": "q", "city": "x", "checkedBy": "Dé"},
        {"id": "n", "city": "y"},
    ]


def test_d1_read_only_fields_in_rows_without_ids_are_kept_by_position() -> None:
    stored = {"channels": {"addresses": [{"checkedBy": "Cy"}, {"city": "x", "checkedBy": "Dé"}]}}
    body = {"channels": {"addresses": [{"city": "y"}]}}

    assert proposed(stored, body, member=True)["channels"]["addresses"] == [
        {"city": "y", "checkedBy": "Cy"}
    ]


def test_d1_a_read_only_field_cannot_be_kept_in_what_is_no_container() -> None:
    stored = {"person": {"firstName": "Ada", "score": 7}}

    assert proposed(stored, {"person": "x"}, put=True, member=True) == {"person": "x"}


@pytest.mark.parametrize(
    ("document", "normal"),
    [
        ({"person": {"nickname": None}}, {}),
        ({"person": {"colours": []}}, {}),
        ({"person": {}, "notes": []}, {}),
        ({"notes": [{}, {"text": None}]}, {}),
        ({"notes": [None, {"text": "x"}, None]}, {"notes": [{"text": "x"}]}),
        ({"notes": [{"id": "p", "text": None}]}, {"notes": [{"id": "p"}]}),
        ({"person": {"nickname": ""}}, {"person": {"nickname": ""}}),
        ({"person": {"isPep": False}}, {"person": {"isPep": False}}),
        ({"person": {"height": 0}}, {"person": {"height": 0}}),
    ],
)
def test_d3_nulls_and_empty_containers_are_missing(
    document: dict[str, Any], normal: dict[str, Any]
) -> None:
    assert normalise(tiny_compiled(), document) == normal


@pytest.mark.parametrize(
    "wrong", [["RED", None], [None], [None, "RED"], [[]], ["RED", {}], [[], {}]]
)
def test_d3_an_empty_element_of_a_leaf_stays_for_validation_to_refuse(wrong: list[Any]) -> None:
    document = {"person": {"colours": wrong}}

    assert normalise(tiny_compiled(), document) == document


def test_d8_text_is_stored_in_nfc_and_nothing_else_is_repaired() -> None:
    document = {
        "person": {"nickname": "e\u0301", "colours": ["e\u0301"]},
        "notes": [{"text": " A\u030a\u202e "}],
    }

    assert normalise(tiny_compiled(), document) == {
        "person": {"nickname": "é", "colours": ["é"]},
        "notes": [{"text": " Å\u202e "}],
    }


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Ada.B@EXAMPLE.Com", "Ada.B@example.com"),
        ('"a@B"@EXAMPLE.com', '"a@B"@example.com'),
        ("EXAMPLE.COM", "EXAMPLE.COM"),
        (5, 5),
    ],
)
def test_d8_only_the_domain_of_an_email_is_lowered(sent: Any, stored: Any) -> None:
    normal = normalise(tiny_compiled(), {"channels": {"email": sent}})

    assert normal == {"channels": {"email": stored}}


def test_d8_a_document_of_a_wrong_shape_passes_through() -> None:
    document = {"channels": "x", "person": [{"firstName": 1}, 5], "notes": {"text": 1}}

    assert normalise(tiny_compiled(), document) == document


def test_d3_equality_knows_types() -> None:
    assert same({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2}]})
    assert not same({"a": 1}, {"b": 1})
    assert not same([1], [1, 2])
    assert not same({"a": 1}, [1])


def test_equal_hashes_mean_equal_documents() -> None:
    assert details_hash({"a": 1, "b": [1, 2]}) == details_hash({"b": [1, 2], "a": 1})
    assert details_hash({"a": [1, 2]}) != details_hash({"a": [2, 1]})
    assert len(details_hash({})) == 16
