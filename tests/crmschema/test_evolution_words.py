"""Changes of a schema in words, by export columns and by the documents they concern (S4, E1)."""

from typing import Any

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
from tests.crmschema.evolutions import JsonComponent, field, named, rows
from tests.factories.schemas import compiled_of, component, grid, shown_when


def text_of(old: CompiledSchema, new: CompiledSchema, language: str = "en") -> list[str]:
    return [change_text(change, language) for change in compare(old, new)]


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
