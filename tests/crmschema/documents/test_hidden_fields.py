"""Hidden fields lose their values, at every depth (D6)."""

from typing import Any

import pytest

from crmschema.documents import Change, fold
from tests.crmschema.documents.settlements import CHAIN, errors, person, settled
from tests.factories.schemas import compiled_of, component, container, grid, shown_when


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
