"""What of a schema decides names and filter values (D12)."""

from itertools import combinations
from typing import Any

import pytest

from crmschema.compiler.model import CompiledSchema
from crmschema.documents import derivation, display_name, search_values
from tests.factories.schemas import compiled_of, component, container, grid

DOCUMENT = {
    "a": "Ära",
    "b": "Bee",
    "box": {"a": "Cox"},
    "rows": [{"a": "One"}, {}, {"a": "Two"}],
}


def fields(**crm: dict[str, Any]) -> CompiledSchema:
    """Fields in every place a field can have, each with its CRM attributes."""

    def text(key: str, name: str, **properties: Any) -> dict[str, Any]:
        return component("textfield", key, crm=crm.get(name, {}), **properties)

    return compiled_of(
        text("a", "a"),
        text("b", "b"),
        container("box", text("a", "boxed")),
        grid("rows", text("a", "row")),
    )


NAME = {"alias": "DisplayName"}
FILTER = {"isFilterable": True}
SCHEMAS = [
    fields(),
    fields(a=NAME),
    fields(b=NAME),
    fields(boxed=NAME),
    fields(a=FILTER),
    fields(boxed=FILTER),
    fields(row=FILTER),
    fields(a=FILTER, row=FILTER),
    fields(a={**NAME, **FILTER}),
]


def derived(compiled: CompiledSchema) -> tuple[str | None, dict[str, Any]]:
    return display_name(compiled, DOCUMENT), search_values(compiled, DOCUMENT)


def test_d12_schemas_with_another_derivation_name_and_find_documents_otherwise() -> None:
    for one, other in combinations(SCHEMAS, 2):
        assert derivation(one) != derivation(other)
        assert derived(one) != derived(other)


FIRST = component("textfield", "first", crm={"alias": "FirstName"})
LAST = component("textfield", "last", crm={"alias": "LastName"})
FIRM = component("textfield", "firm", crm={"alias": "LegalName"})
COMPOSED = component(
    "textfield", "a", crm={"alias": "DisplayName", "isReadOnly": True}, validate={"maxLength": 9}
)
HIDDEN = {"conditional": {"show": True, "when": "last", "eq": "x"}}


def test_d12_a_name_that_has_not_been_composed_yet_is_what_the_next_write_composes() -> None:
    compiled = compiled_of(FIRST, LAST, FIRM, COMPOSED)

    assert display_name(compiled, {"first": "Ada", "last": "Lovelace"}) == "Ada Lovel"
    assert display_name(compiled, {"firm": "Engine"}) == "Engine"
    assert display_name(compiled, {"a": "Countess", "first": "Ada"}) == "Countess"
    assert display_name(compiled, {}) is None


def test_d6_a_composed_name_that_a_condition_can_hide_is_not_composed_ahead() -> None:
    compiled = compiled_of(FIRST, LAST, {**COMPOSED, **HIDDEN})

    assert display_name(compiled, {"first": "Ada"}) is None
    assert derivation(compiled) == derivation(compiled_of(LAST, {**COMPOSED, **HIDDEN}))


def test_d12_a_name_that_members_write_is_never_composed() -> None:
    compiled = compiled_of(FIRST, LAST, component("textfield", "a", crm=NAME))

    assert display_name(compiled, {"first": "Ada"}) is None


@pytest.mark.parametrize(
    "other",
    [
        [LAST, COMPOSED],
        [FIRST, COMPOSED],
        [FIRST, LAST, FIRM, COMPOSED],
        [FIRST, LAST, {**COMPOSED, "validate": {"maxLength": 8}}],
        [FIRST, LAST, {**COMPOSED, **HIDDEN}],
        [FIRST, LAST, component("textfield", "a", crm=NAME)],
    ],
)
def test_d12_the_parts_of_a_composed_name_and_its_length_are_part_of_the_derivation(
    other: list[dict[str, Any]],
) -> None:
    assert derivation(compiled_of(FIRST, LAST, COMPOSED)) != derivation(compiled_of(*other))


@pytest.mark.parametrize(
    "change",
    [
        {"label": "Another"},
        {"validate": {"required": True, "maxLength": 9}},
        {"crm": {**NAME, **FILTER, "isExportable": True, "isPersonalData": False}},
    ],
)
def test_d12_what_else_changes_of_a_field_leaves_names_and_filters_alone(
    change: dict[str, Any],
) -> None:
    usual = component("textfield", "a", crm={**NAME, **FILTER})
    old = compiled_of(usual, component("textfield", "b"))
    new = compiled_of(component("textfield", "b"), {**usual, **change})

    assert derivation(old) == derivation(new)
    assert derived(old) == derived(new) == ("Ära", {"a": "ara"})
