"""What differs between two versions of a schema, and whether it breaks (S4)."""

from typing import Any

import pytest

from crmschema.compiler.model import CompiledSchema
from crmschema.evolution import ChangeKind, Effect, compare
from tests.crmschema.evolutions import JsonComponent, field, named, rows
from tests.factories.schemas import compiled_of, component, container, grid, select, shown_when


def differences(old: CompiledSchema, new: CompiledSchema) -> list[tuple[str, str, str | None]]:
    return [(each.kind.value, each.effect.value, each.attribute) for each in compare(old, new)]


LIMITS = [
    ({}, {"validate": {"maxLength": 5}}, "Breaking", "maxLength"),
    ({"validate": {"maxLength": 5}}, {"validate": {"maxLength": 4}}, "Breaking", "maxLength"),
    ({"validate": {"maxLength": 5}}, {"validate": {"maxLength": 6}}, "Compatible", "maxLength"),
    ({"validate": {"maxLength": 5}}, {}, "Compatible", "maxLength"),
    ({}, {"validate": {"minLength": 2}}, "Breaking", "minLength"),
    ({"validate": {"minLength": 2}}, {"validate": {"minLength": 1}}, "Compatible", "minLength"),
    ({}, {"validate": {"pattern": "A"}}, "Breaking", "pattern"),
    ({"validate": {"pattern": "A"}}, {"validate": {"pattern": "B"}}, "Breaking", "pattern"),
    ({"validate": {"pattern": "A"}}, {}, "Compatible", "pattern"),
    ({"kind": "number"}, {"kind": "number", "validate": {"min": 1}}, "Breaking", "minValue"),
    (
        {"kind": "number", "validate": {"max": 1.5}},
        {"kind": "number", "validate": {"max": 2}},
        "Compatible",
        "maxValue",
    ),
    ({"kind": "number"}, {"kind": "number", "decimalLimit": 2}, "Breaking", "decimal"),
    (
        {"kind": "number", "decimalLimit": 2},
        {"kind": "number", "decimalLimit": 3},
        "Compatible",
        "decimal",
    ),
    (
        {"kind": "datetime", "datePicker": {"minDate": "2000-01-01"}},
        {"kind": "datetime", "datePicker": {"minDate": "2001-01-01"}},
        "Breaking",
        "minDate",
    ),
    (
        {"kind": "datetime", "datePicker": {"maxDate": "2000-01-01"}},
        {"kind": "datetime", "datePicker": {"maxDate": "2001-01-01"}},
        "Compatible",
        "maxDate",
    ),
    ({"kind": "tags"}, {"kind": "tags", "maxTags": 3}, "Breaking", "maxItems"),
]


@pytest.mark.parametrize(("old", "new", "effect", "attribute"), LIMITS)
def test_s4_a_limit_that_tightens_is_breaking(
    old: JsonComponent, new: JsonComponent, effect: str, attribute: str
) -> None:
    assert differences(field(**old), field(**new)) == [("Limit", effect, attribute)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"validate": {"required": True}}, ("Required", "Breaking", None)),
        ({"validate": {"required": True}}, {}, ("Required", "Compatible", None)),
        ({}, {"kind": "textarea"}, ("Retyped", "Compatible", None)),
        ({"kind": "textarea"}, {}, ("Retyped", "Compatible", None)),
        ({}, {"kind": "email"}, ("Retyped", "Refused", None)),
        ({"kind": "email"}, {}, ("Retyped", "Refused", None)),
        ({}, {"multiple": True}, ("Retyped", "Refused", None)),
        (
            {"kind": "select", "crm": {"listKey": "colours"}},
            {"kind": "select", "crm": {"listKey": "regions"}},
            ("List", "Refused", None),
        ),
        (
            {"kind": "currency", "currency": "CHF"},
            {"kind": "currency", "currency": "EUR"},
            ("Currency", "Breaking", None),
        ),
        ({}, {"conditional": shown_when("switch", "true")}, ("Condition", "Breaking", None)),
        ({"conditional": shown_when("switch", "true")}, {}, ("Condition", "Breaking", None)),
        ({}, {"clearOnHide": False}, ("Flag", "Compatible", "clearOnHide")),
        ({"clearOnHide": False}, {}, ("Flag", "Compatible", "clearOnHide")),
        (
            {"clearOnHide": False, "conditional": shown_when("switch", "true")},
            {"conditional": shown_when("switch", "true")},
            ("Flag", "Breaking", "clearOnHide"),
        ),
        ({}, {"crm": {"isExportable": True}}, ("Flag", "Compatible", "isExportable")),
        ({}, {"crm": {"isReadOnly": True}}, ("Flag", "Compatible", "isReadOnly")),
        ({"crm": {"isApprovalRequired": True}}, {}, ("Flag", "Compatible", "isApprovalRequired")),
        ({}, {"crm": {"isPersonalData": False}}, ("Flag", "Compatible", "isPersonalData")),
        ({}, {"crm": {"isFilterable": True}}, ("Flag", "Compatible", "isFilterable")),
        ({}, {"hidden": True}, ("Flag", "Compatible", "isHidden")),
        ({}, {"crm": {"alias": "FirstName"}}, ("Alias", "Breaking", None)),
        ({}, {"label": "Other"}, ("Texts", "Compatible", None)),
        ({}, {"tooltip": "Help"}, ("Texts", "Compatible", None)),
        ({}, {"crm": {"i18n": {"de": {"label": "Name"}}}}, ("Texts", "Compatible", None)),
    ],
)
def test_s4_changes_of_a_field_are_classified(
    old: JsonComponent, new: JsonComponent, expected: tuple[str, str, str | None]
) -> None:
    assert differences(field(**old), field(**new)) == [expected]


def test_s4_integers_can_become_decimals_and_not_back() -> None:
    whole = field(kind="number", validate={"integer": True})

    assert differences(whole, field(kind="number")) == [
        ("Retyped", "Compatible", None),
        ("Limit", "Compatible", "decimal"),
    ]
    assert differences(field(kind="number"), whole)[0] == ("Retyped", "Refused", None)


def test_s4_a_required_field_that_is_shown_again_is_newly_required() -> None:
    hidden = field(hidden=True, validate={"required": True})

    assert differences(hidden, field(validate={"required": True})) == [
        ("Required", "Breaking", None),
        ("Flag", "Compatible", "isHidden"),
    ]


def test_s4_the_parent_of_a_list_field_can_be_taken_away() -> None:
    def states(**crm: Any) -> CompiledSchema:
        return compiled_of(select("country", "regions"), select("state", "colours", **crm))

    with_parent = states(listHierarchyFilterKey="country")
    assert differences(states(), with_parent) == [("Hierarchy", "Breaking", None)]
    assert differences(with_parent, states()) == [("Hierarchy", "Compatible", None)]


def test_s4_fields_come_and_go() -> None:
    two = compiled_of(named("textfield", "one", 1), named("textfield", "two", 2))
    one = compiled_of(named("textfield", "one", 1))
    required = compiled_of(
        named("textfield", "one", 1), named("textfield", "two", 2, validate={"required": True})
    )

    assert differences(two, one) == [("Removed", "Breaking", None)]
    assert differences(one, two) == [("Added", "Compatible", None)]
    assert differences(one, required) == [("Added", "Breaking", None)]


def test_s4_a_field_is_told_by_its_uid_and_else_by_its_path() -> None:
    one = compiled_of(named("textfield", "one", 1), named("textfield", "two", 2))
    other_uid = compiled_of(named("textfield", "one", 3), named("textfield", "two", 2))
    swapped = compiled_of(
        named("textfield", "two", 1, label="one"), named("textfield", "one", 2, label="two")
    )

    assert compare(one, other_uid) == []
    assert [(each.kind, each.previous_path, each.path) for each in compare(one, swapped)] == [
        (ChangeKind.RENAMED, "one", "two"),
        (ChangeKind.RENAMED, "two", "one"),
    ]


def test_s4_a_renamed_container_moves_its_fields() -> None:
    old = compiled_of(container("person", named("textfield", "name", 1)))
    new = compiled_of(container("human", named("textfield", "name", 1)))

    moved, layout = compare(old, new)

    assert (moved.kind, moved.effect, moved.old_path, moved.path) == (
        ChangeKind.MOVED,
        Effect.REFUSED,
        "person.name",
        "human.name",
    )
    assert layout.kind is ChangeKind.LAYOUT


def test_s4_a_container_that_becomes_a_grid_moves_its_fields() -> None:
    old = compiled_of(container("rows", named("textfield", "name", 1)))
    new = compiled_of(grid("rows", named("textfield", "name", 1)))

    assert [(each.kind, each.path) for each in compare(old, new)] == [
        (ChangeKind.MOVED, "rows.name"),
        (ChangeKind.LAYOUT, ""),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"validate": {"required": True}}, ("Required", "Breaking", None)),
        ({}, {"validate": {"minLength": 2}}, ("Limit", "Breaking", "minRows")),
        (
            {"validate": {"maxLength": 2}},
            {"validate": {"maxLength": 3}},
            ("Limit", "Compatible", "maxRows"),
        ),
        ({}, {"label": "Other"}, ("Texts", "Compatible", None)),
        ({}, {"conditional": shown_when("switch", "true")}, ("Condition", "Breaking", None)),
    ],
)
def test_s4_changes_of_a_grid_are_classified(
    old: JsonComponent, new: JsonComponent, expected: tuple[str, str, str | None]
) -> None:
    assert differences(rows(**old), rows(**new))[0] == expected


def test_s4_grids_come_and_move() -> None:
    without = compiled_of(component("checkbox", "switch"))

    assert differences(without, rows())[0] == ("Added", "Compatible", None)
    required = compare(without, rows(validate={"required": True}))
    assert (required[0].kind, required[0].effect, required[0].is_grid) == (
        ChangeKind.ADDED,
        Effect.BREAKING,
        True,
    )
    renamed = compare(rows(), rows("lines", label="rows"))
    assert [(each.kind, each.is_grid, each.old_path) for each in renamed[:2]] == [
        (ChangeKind.RENAMED, True, "rows"),
        (ChangeKind.MOVED, False, "rows.name"),
    ]


def test_s4_order_and_layout_are_compatible() -> None:
    one, two = named("textfield", "one", 1), named("textfield", "two", 2)
    panel = component("panel", "panel", components=[one, two])

    assert differences(compiled_of(one, two), compiled_of(two, one)) == [
        ("Order", "Compatible", None)
    ]
    assert differences(compiled_of(one, two), compiled_of(panel)) == [
        ("Layout", "Compatible", None)
    ]
