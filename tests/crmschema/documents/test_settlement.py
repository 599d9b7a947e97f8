"""What a proposed document comes to (D2-D7, D12, S4)."""

from typing import Any

import pytest

from crmschema.compiler.model import CompiledSchema
from crmschema.documents import Change, Settlement, display_name, fold, search_values, settle
from tests.factories.schemas import (
    compiled_of,
    component,
    container,
    grid,
    shown_when,
    tiny_compiled,
)


def settled(
    stored: dict[str, Any],
    document: dict[str, Any],
    *,
    member: bool = False,
    is_decided: bool = False,
    is_new: bool = False,
    compiled: CompiledSchema | None = None,
) -> Settlement:
    return settle(
        compiled or tiny_compiled(),
        stored=stored,
        proposed=document,
        for_member=member,
        is_decided=is_decided,
        is_new=is_new,
    )


def errors(settlement: Settlement) -> list[tuple[str, str]]:
    return [(error.path, error.code) for error in settlement.errors]


def person(**members: Any) -> dict[str, Any]:
    return {"person": {"firstName": "Ada", "displayName": "Ada", **members}}


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


# --- Hidden fields (D6) ------------------------------------------------------------------------
def test_d6_a_hidden_field_loses_its_value_with_the_same_submission() -> None:
    stored = person(isPep=True, pepReason="x", pepNote="y")

    settlement = settled(stored, person(isPep=False, pepReason="x", pepNote="y"))

    assert settlement.errors == []
    assert settlement.document == person(isPep=False, pepNote="y")
    assert settlement.changes == [
        Change("person.isPep", True, False),
        Change("person.pepReason", "x", None),
    ]


@pytest.mark.parametrize("key", ["pepReason", "pepNote"])
def test_d6_a_value_sent_for_a_hidden_field_is_an_error(key: str) -> None:
    assert errors(settled(person(), person(**{key: "x"}))) == [(f"person.{key}", "FieldHidden")]


def test_d6_a_row_hides_by_its_own_values() -> None:
    def document(*foreign: bool) -> dict[str, Any]:
        rows = [{"city": "x", "isForeign": each, "permit": "y"} for each in foreign]
        return {**person(), "channels": {"addresses": rows}}

    settlement = settled(document(True, True), document(True, False))

    assert settlement.errors == []
    assert settlement.changes == [
        Change("channels.addresses[1].isForeign", True, False),
        Change("channels.addresses[1].permit", "y", None),
    ]
    assert errors(settled(document(True), document(True, False))) == [
        ("channels.addresses[1].permit", "FieldHidden")
    ]


CHAIN = compiled_of(
    component("textfield", "last", conditional=shown_when("middle", "x")),
    component("textfield", "middle", conditional=shown_when("first", "x")),
    component("textfield", "first"),
)


def test_d6_conditions_are_evaluated_in_dependency_order() -> None:
    stored = {"first": "x", "middle": "x", "last": "y"}

    settlement = settled(stored, {**stored, "first": "z"}, compiled=CHAIN)

    assert settlement.errors == []
    assert settlement.document == {"first": "z"}


HIDDEN_GRID = compiled_of(
    component("checkbox", "shown"),
    container(
        "box",
        grid(
            "rows",
            component("textfield", "cleared", validate={"required": True}),
            component("textfield", "kept", clearOnHide=False),
            conditional=shown_when("shown", "true"),
        ),
    ),
)


def test_d6_a_hidden_grid_goes_with_the_ids_of_its_rows() -> None:
    stored = {
        "shown": True,
        "box": {"rows": [{"id": "p", "cleared": "x"}, {"cleared": "y"}, {"id": "q"}]},
    }

    settlement = settled(stored, {"box": stored["box"]}, compiled=HIDDEN_GRID)

    assert settlement.errors == []
    assert settlement.document == {}
    assert fold(stored, settlement.changes) == {}


def test_d6_rows_of_a_hidden_grid_stay_for_values_that_are_kept() -> None:
    stored = {
        "shown": True,
        "box": {"rows": [{"id": "p", "cleared": "x", "kept": "y"}, {"id": "q", "cleared": "z"}]},
    }

    settlement = settled(stored, {"box": stored["box"]}, compiled=HIDDEN_GRID)

    assert settlement.errors == []
    assert settlement.document == {"box": {"rows": [{"id": "p", "kept": "y"}]}}


@pytest.mark.parametrize("rows", ["x", 5, {"id": "p"}, [5]])
def test_d6_what_is_no_grid_is_no_hidden_grid(rows: Any) -> None:
    found = errors(settled({}, {"box": {"rows": rows}}, compiled=HIDDEN_GRID))

    assert [code for _, code in found] == ["Type"]


def test_d6_a_row_sent_for_a_hidden_grid_is_an_error() -> None:
    assert errors(settled({}, {"box": {"rows": [{"id": "p"}]}}, compiled=HIDDEN_GRID)) == [
        ("box.rows[0].id", "FieldHidden")
    ]


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


# --- The composed name (D12) -------------------------------------------------------------------
def test_d12_the_name_is_composed_of_first_and_last_name() -> None:
    settlement = settled({}, {"person": {"firstName": " Ada ", "lastName": "Byron"}})

    assert settlement.document["person"]["displayName"] == "Ada Byron"
    assert display_name(tiny_compiled(), settlement.document) == "Ada Byron"


def test_d12_a_new_name_is_in_the_changes() -> None:
    settlement = settled(person(), person(lastName="Byron"), member=True)

    assert settlement.errors == []
    assert settlement.changes == [
        Change("person.displayName", "Ada", "Ada Byron"),
        Change("person.lastName", None, "Byron"),
    ]


@pytest.mark.parametrize("sent", ["Ada", "Ada Byron"])
def test_d12_the_stored_and_the_composed_name_may_be_sent(sent: str) -> None:
    settlement = settled(person(), person(lastName="Byron", displayName=sent))

    assert settlement.errors == []
    assert settlement.document["person"]["displayName"] == "Ada Byron"


@pytest.mark.parametrize("sent", ["Bo", 5, {"a": 1}, ["Ada"]])
@pytest.mark.parametrize("member", [True, False])
def test_d12_another_name_is_an_error_for_everyone(sent: Any, member: bool) -> None:
    found = errors(settled(person(), person(displayName=sent), member=member))

    assert found == [("person.displayName", "ReadOnly")]


def test_d12_the_name_is_cut_to_the_length_of_its_field() -> None:
    document = {"person": {"firstName": "x" * 50, "lastName": "y" * 8 + " " + "z" * 50}}

    name = settled({}, document).document["person"]["displayName"]

    assert name == "x" * 50 + " " + "y" * 8


def test_d12_without_names_there_is_no_name() -> None:
    settlement = settled(person(), {"person": {"displayName": "Ada"}})

    assert settlement.document == {}
    assert errors(settlement) == [("person.firstName", "Required")]


def test_d12_a_legal_name_composes_too() -> None:
    compiled = compiled_of(
        component("textfield", "name", crm={"alias": "LegalName"}),
        component("textfield", "shown", crm={"alias": "DisplayName", "isReadOnly": True}),
    )

    assert settled({}, {"name": "Acme"}, compiled=compiled).document["shown"] == "Acme"


def test_d12_without_a_display_name_field_nothing_is_composed() -> None:
    assert settled({}, {"first": "x"}, compiled=CHAIN).document == {"first": "x"}
    assert display_name(CHAIN, {"first": "x"}) is None


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


def addresses(*rows: dict[str, Any]) -> dict[str, Any]:
    return {**person(), "channels": {"addresses": list(rows)}}


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


def test_d12_the_name_is_composed_of_what_stays_visible() -> None:
    compiled = compiled_of(
        component("checkbox", "isFirm"),
        component(
            "textfield",
            "first",
            conditional={"show": False, "when": "isFirm", "eq": "true"},
            crm={"alias": "FirstName"},
        ),
        component("textfield", "last", crm={"alias": "LastName"}),
        component("textfield", "name", crm={"alias": "DisplayName", "isReadOnly": True}),
    )
    stored = {"first": "Ada", "last": "Byron", "name": "Ada Byron"}

    settlement = settled(stored, {**stored, "isFirm": True}, compiled=compiled)

    assert settlement.document == {"isFirm": True, "last": "Byron", "name": "Byron"}


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
