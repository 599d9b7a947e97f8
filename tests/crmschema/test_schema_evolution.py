"""From one version of a schema to the next: typed changes, their words, columns (S4)."""

from typing import Any

import pytest

from crmschema.compiler.model import CompiledSchema, Text
from crmschema.evolution import (
    ChangeKind,
    ColumnChange,
    Effect,
    Examiner,
    Finding,
    Found,
    SchemaChange,
    Tally,
    change_text,
    column_changes,
    compare,
)
from tests.factories.schemas import compiled_of, component, container, grid, select, shown_when

UID = "0d3f2c1b-6a5e-4f70-8192-a3b4c5d6e7f"
JsonComponent = dict[str, Any]


def named(kind: str, key: str, number: int = 0, /, **properties: Any) -> JsonComponent:
    """A component with a uid of its own."""
    crm = {"uid": f"{UID}{number}", **properties.pop("crm", {})}
    return component(kind, key, crm=crm, **properties)


def field(**properties: Any) -> CompiledSchema:
    kind = properties.pop("kind", "textfield")
    return compiled_of(
        named(kind, properties.pop("key", "name"), **properties), component("checkbox", "switch")
    )


def differences(old: CompiledSchema, new: CompiledSchema) -> list[tuple[str, str, str | None]]:
    return [(each.kind.value, each.effect.value, each.attribute) for each in compare(old, new)]


def text_of(old: CompiledSchema, new: CompiledSchema, language: str = "en") -> list[str]:
    return [change_text(change, language) for change in compare(old, new)]


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


def rows(key: str = "rows", **properties: Any) -> CompiledSchema:
    crm = {"uid": f"{UID}9", **properties.pop("crm", {})}
    return compiled_of(
        component("checkbox", "switch"),
        grid(key, named("textfield", "name", 1), crm=crm, **properties),
    )


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


def test_the_words_of_changes() -> None:
    def words(new: JsonComponent, old: JsonComponent | None = None, language: str = "en") -> str:
        label = {"label": "First name", "crm": {"i18n": {"de": {"label": "Vorname"}}}}

        def with_label(properties: JsonComponent) -> JsonComponent:
            crm = {**label["crm"], **properties.get("crm", {})}  # type: ignore[dict-item]
            return {**label, **properties, "crm": crm}

        return text_of(field(**with_label(old or {})), field(**with_label(new)), language)[0]

    required = {"validate": {"required": True}}
    assert words(required) == "Field First name: is now required"
    assert words({}, required) == "Field First name: is no longer required"
    assert words(required, language="de") == "Feld Vorname: ist jetzt Pflicht"
    assert words(required, language="fr") == "Champ First name : est désormais obligatoire"
    five, six = {"validate": {"maxLength": 5}}, {"validate": {"maxLength": 6}}
    assert words(five) == "Field First name: greatest length is now 5"
    assert words(six, five) == "Field First name: greatest length changed from 5 to 6"
    assert words({}, five) == "Field First name: greatest length is no longer set (was 5)"
    exported = {"crm": {"isExportable": True}}
    assert words(exported) == "Field First name: export switched on"
    assert words({}, exported, "de") == "Feld Vorname: Export ausgeschaltet"
    assert words({"kind": "email"}) == "Field First name: type changed from Text to Email"
    assert words({"key": "x"}) == "Field First name: key changed from name to x"
    assert words({"tooltip": "x"}) == "Field First name: label or help texts changed"
    assert words({"crm": {"alias": "FirstName"}}) == "Field First name: alias is now FirstName"
    shown = {"conditional": shown_when("switch", "true")}
    assert words(shown) == "Field First name: is shown under another condition"


def test_the_words_of_what_comes_goes_and_concerns_the_whole() -> None:
    one = compiled_of(named("textfield", "one", 1))
    two = compiled_of(named("textfield", "two", 2, validate={"required": True}))

    assert text_of(one, two) == ["Field one: removed", "Field two: added, required"]
    assert text_of(rows(), rows(validate={"maxLength": 3})) == [
        "Grid rows: greatest number of rows is now 3"
    ]
    whole = SchemaChange(ChangeKind.ORDER, Effect.COMPATIBLE, "", Text(""))
    assert change_text(whole, "de") == "Die Reihenfolge der Felder ist anders"
    unset = SchemaChange(ChangeKind.CURRENCY, Effect.BREAKING, "a", Text("A"), after="EUR")
    assert change_text(unset, "en") == "Field A: currency changed from – to EUR"


def test_e1_columns_that_come_go_and_change() -> None:
    exported = {"crm": {"isExportable": True}}
    old = compiled_of(
        named("textfield", "gone", 1, **exported),
        named("textfield", "renamed", 2, **exported),
        named("currency", "income", 3, currency="CHF", **exported),
        named("textfield", "silent", 4),
    )
    new = compiled_of(
        named("textfield", "other", 2, **exported),
        named("currency", "income", 3, currency="EUR", **exported),
        named("textfield", "silent", 4, label="Loud"),
    )

    assert column_changes(old, new, compare(old, new)) == [
        ColumnChange("gone", "Removed"),
        ColumnChange("renamed", "Removed"),
        ColumnChange("other", "Added"),
        ColumnChange("income", "Changed"),
    ]


def examined(old: CompiledSchema, new: CompiledSchema, document: dict[str, Any]) -> set[Found]:
    return Examiner(old, new, compare(old, new)).examine(document, is_anonymised=False)


def test_s4_rules_that_only_the_server_knows_are_examined_too() -> None:
    two, one = field(kind="number", decimalLimit=2), field(kind="number", decimalLimit=1)

    assert examined(two, one, {"name": 1.25}) == {Found("name", "Decimals")}
    assert examined(two, one, {"name": 1.5}) == set()


def test_s4_rows_that_a_condition_would_empty_are_found() -> None:
    def flagged(**properties: Any) -> CompiledSchema:
        return compiled_of(
            grid("rows", named("checkbox", "flag", 1), named("textfield", "note", 2, **properties))
        )

    conditional = flagged(conditional=shown_when("rows.flag", "true"))
    document = {"rows": [{"flag": True, "note": "x"}, {"note": "y"}, {"flag": False}]}

    assert examined(flagged(), conditional, document) == {Found("rows.note", "Hidden")}
    assert examined(conditional, flagged(), document) == set()
    # The second row's value is lost in any case.
    other_way_round = flagged(conditional=shown_when("rows.flag", "false"))
    assert examined(conditional, other_way_round, document) == {Found("rows.note", "Hidden")}
    both = {"rows": [{"note": "y"}, {"flag": False, "note": "z"}]}
    never = flagged(conditional=shown_when("rows.flag", "true"), clearOnHide=False)
    assert examined(never, conditional, both) == {Found("rows.note", "Hidden")}
    switched = compiled_of(
        component("checkbox", "switch"),
        grid(
            "rows",
            named("checkbox", "flag", 1),
            named("textfield", "note", 2, conditional=shown_when("rows.flag", "true")),
            conditional=shown_when("switch", "true"),
        ),
    )
    # Only the flag is lost anew; the note is lost as before.
    assert examined(conditional, switched, both) == {Found("rows.flag", "Hidden")}


def test_s4_moved_grids_are_held_by_their_rows() -> None:
    assert examined(rows(), rows("lines"), {"rows": [{"id": "a"}]}) == {Found("rows", "Renamed")}
    assert examined(rows(), rows("lines"), {}) == set()


def test_a_tally_counts_and_keeps_the_first_ids() -> None:
    tally = Tally()
    for number in range(30):
        tally.add("contact", number, {Found("b", "Required")})
    tally.add("contact", 99, {Found("a", "Removed"), Found("b", "Required")})
    tally.add_many("contact", "c", "Moved", 0, [])

    expected = [
        Finding("contact", "a", "Removed", 1, [99]),
        Finding("contact", "b", "Required", 31, list(range(20))),
    ]
    assert tally.findings == expected
    assert Tally.from_json(tally.to_json()).findings == expected
    assert [each.is_refused for each in expected] == [False, False]
    assert Finding("contact", "c", "Moved", 1, [1]).is_refused
