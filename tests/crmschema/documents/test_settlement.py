"""What a proposed document comes to: types, old errors, values to search by (D2, D3, D7, S4)."""

from typing import Any

import pytest

from crmschema.documents import search_values
from tests.crmschema.documents.settlements import addresses, errors, person, settled
from tests.factories.schemas import compiled_of, component, container, grid, tiny_compiled


# --- Types (D2) --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"notes": [{"text": "x"}, 5]}, [("notes[1]", "Type")]),
        ({"notes": [{"text": "x"}, "y", ["z"]]}, [("notes[1]", "Type"), ("notes[2]", "Type")]),
        ({"notes": [5, {"text": "x"}]}, [("notes[0]", "Type")]),
        ({"notes": 5}, [("notes", "Type")]),
        ({"notes": {"text": "x"}}, [("notes", "Type")]),
        ({"notes": [{"id": 5}]}, [("notes[0].id", "Type")]),
        ({"notes": [{"text": {"a": 1}}]}, [("notes[0].text", "Type")]),
        ({"notes": [{"text": [{"a": 1}]}]}, [("notes[0].text", "Type")]),
        ({"channels": {"addresses": [{"city": "x"}, 5]}}, [("channels.addresses[1]", "Type")]),
        ({"channels": [5]}, [("channels", "Type")]),
        (
            {"notes": [{"id": "p", "text": "x"}, {"id": "p"}]},
            [("notes[1].id", "RowIdNotUnique")],
        ),
    ],
)
@pytest.mark.parametrize("member", [True, False])
def test_d2_a_wrong_shape_is_an_error_and_never_a_failure(
    members: dict[str, Any], found: list[tuple[str, str]], member: bool
) -> None:
    assert errors(settled(person(), {**person(), **members}, member=member)) == found
    # Also when the stored document has the wrong shape of an older schema.
    assert errors(settled({**person(), **members}, person(), member=member)) == []


def test_d2_all_errors_come_at_once() -> None:
    document = {"person": {"height": "tall", "colours": ["PINK"], "what": 1}}

    assert sorted(errors(settled({}, document, is_new=True))) == [
        ("person.colours", "NotInList"),
        ("person.firstName", "Required"),
        ("person.height", "Type"),
        ("person.what", "UnknownField"),
    ]


def test_d3_a_number_written_in_another_form_keeps_its_stored_form() -> None:
    stored = person(height=1)

    settlement = settled(stored, person(height=1.0, nickname="x"))

    assert [change.path for change in settlement.changes] == ["person.nickname"]
    assert repr(settlement.document["person"]["height"]) == "1"


# --- Read-only fields (D7) ---------------------------------------------------------------------
@pytest.mark.parametrize("score", [8, None, True, "7"])
def test_d7_a_member_that_sends_another_value_gets_an_error(score: Any) -> None:
    document = person() if score is None else person(score=score)

    assert ("person.score", "ReadOnly") in errors(settled(person(score=7), document, member=True))
    assert ("person.score", "ReadOnly") not in errors(settled(person(score=7), document))


def test_d7_a_member_cannot_clear_the_container_of_a_read_only_field() -> None:
    compiled = compiled_of(
        container("box", component("number", "score", crm={"isReadOnly": True})),
        component("textfield", "free"),
    )
    stored = {"box": {"score": 7}, "free": "x"}

    assert errors(settled(stored, {"free": "x"}, member=True, compiled=compiled)) == [
        ("box.score", "ReadOnly")
    ]


def test_d7_sending_the_stored_value_is_fine() -> None:
    settlement = settled(person(score=7), person(score=7.0), member=True)

    assert settlement.errors == []
    assert settlement.changes == []


def test_d7_a_removed_row_takes_its_read_only_values_along() -> None:
    rows = [{"id": "p", "checkedBy": "Cy"}, {"id": "q", "city": "x", "checkedBy": "Dé"}]
    stored = {**person(), "channels": {"addresses": rows}}
    document = {**person(), "channels": {"addresses": rows[1:]}}

    settlement = settled(stored, document, member=True)

    assert settlement.errors == []
    assert settlement.document == document


def test_d7_a_member_cannot_move_a_read_only_value_to_another_row() -> None:
    stored = {**person(), "channels": {"addresses": [{"id": "p", "checkedBy": "Cy"}, {"id": "q"}]}}
    rows = [{"id": "p", "checkedBy": "Cy"}, {"id": "q", "checkedBy": "Cy"}]

    document = {**person(), "channels": {"addresses": rows}}

    assert errors(settled(stored, document, member=True)) == [
        ("channels.addresses[1].checkedBy", "ReadOnly")
    ]
    assert errors(settled(stored, document, member=True, is_decided=True)) == []


# --- Errors that were there before (S4) --------------------------------------------------------
def test_s4_a_new_document_has_no_errors_that_were_there_before() -> None:
    assert errors(settled({}, {"notes": [{"text": "x"}]}, is_new=True)) == [
        ("person.firstName", "Required")
    ]
    assert errors(settled({}, {"notes": [{"text": "x"}]})) == []


def test_s4_an_old_error_elsewhere_is_excused() -> None:
    stored = person(height="tall", nickname="x")

    assert errors(settled(stored, person(height="tall", nickname="y"))) == []


def test_s4_an_error_at_a_written_path_is_not_excused() -> None:
    stored = person(height="tall")

    assert errors(settled(stored, person(height="small"))) == [("person.height", "Type")]
    assert errors(settled(stored, person(height="tall", nickname=1))) == [
        ("person.nickname", "Type")
    ]


def test_s4_old_errors_in_rows_are_known_by_id_wherever_the_row_stands() -> None:
    wrong, fine = {"id": "q", "street": 5}, {"id": "p", "street": "x"}

    assert errors(settled(addresses(fine, wrong), addresses(wrong))) == []
    assert errors(settled(addresses(fine, wrong), addresses(wrong, fine))) == []
    assert errors(settled(addresses(wrong), addresses({"id": "n", "street": 5}, wrong))) == [
        ("channels.addresses[0].street", "Type")
    ]


def test_s4_the_same_error_in_another_row_is_new() -> None:
    stored = addresses({"street": 5}, {"city": "x"})

    assert errors(settled(stored, addresses({"street": 5}, {"street": 5}))) == [
        ("channels.addresses[1].street", "Type")
    ]


def test_s4_an_error_of_a_grid_counts_when_its_rows_come_or_go() -> None:
    compiled = compiled_of(
        grid("rows", component("textfield", "a"), validate={"maxLength": 1}),
        component("textfield", "b"),
    )
    stored = {"rows": [{"a": "x"}, {"a": "y"}]}

    assert errors(settled(stored, {**stored, "b": "z"}, compiled=compiled)) == []
    assert errors(settled(stored, {"rows": [{"a": "x"}, {"a": "z"}]}, compiled=compiled)) == []
    three = {"rows": [{"a": "x"}, {"a": "y"}, {"a": "z"}]}
    assert errors(settled(stored, three, compiled=compiled)) == [("rows", "MaxItems")]


# --- Values to search by -----------------------------------------------------------------------
def test_search_values_are_folded_and_gathered_by_row() -> None:
    document = {
        "person": {"firstName": "ÉVA", "colours": ["RED"], "nickname": "x"},
        "channels": {"addresses": [{"city": "Zürich"}, {"street": "x"}, {"city": "Genève"}]},
    }

    assert search_values(tiny_compiled(), document) == {
        "person.firstName": "eva",
        "person.colours": ["red"],
        "channels.addresses.city": ["zurich", "geneve"],
    }
    filterable = component("number", "n", crm={"isFilterable": True})
    assert search_values(compiled_of(filterable), {"n": 5}) == {"n": 5}
    assert search_values(compiled_of(filterable), {}) == {}
