"""The name that first and last name make (D12)."""

from typing import Any

import pytest

from crmschema.documents import Change, display_name
from tests.crmschema.documents.settlements import CHAIN, errors, person, settled
from tests.factories.schemas import compiled_of, component, tiny_compiled


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
