"""Values and places in words."""

from datetime import date

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

from crmschema.documents import Change
from crmschema.presentation import (
    change_row,
    change_rows,
    place_of_path,
    sections,
    shown,
    shown_rows,
)
from tests.factories.schemas import compiled_of, component, container, grid, tiny_compiled


def texts(kind: str, value: object, **properties: object) -> list[str | None]:
    """A value of a field of this kind, in English, German and French."""
    schema = compiled_of(component(kind, "field", **properties))
    field = schema.by_path["field"]
    return [shown(schema, field, value, language) for language in ("en", "de", "fr")]


@pytest.mark.parametrize(
    ("kind", "properties", "value", "english"),
    [
        ("number", {"decimalLimit": 0}, 1234567, "1,234,567"),
        ("number", {}, 0.1, "0.1"),
        ("number", {}, -1234.25, "-1,234.25"),
        ("number", {"crm": {"fieldType": "Percent"}}, 12.5, "12.5 %"),
        ("currency", {"currency": "CHF"}, 1000, "CHF 1,000.00"),
        ("currency", {"currency": "JPY", "decimalLimit": 0}, 1000, "JPY 1,000"),
        ("datetime", {"enableTime": False}, "1980-02-29", "29 Feb 1980"),
        ("checkbox", {}, True, "Yes"),
        ("checkbox", {}, False, "No"),
        ("textfield", {}, "007", "007"),
        ("tags", {"storeas": "array"}, ["a", "b"], "a, b"),
        ("textfield", {}, None, None),
        # What does not fit its field (an older schema wrote it) is shown as it is stored.
        ("number", {}, "seven", "seven"),
        ("datetime", {"enableTime": False}, "soon", "soon"),
        ("textfield", {}, 7, "7"),
    ],
)
def test_values_are_formatted_by_their_field(kind, properties, value, english):
    assert texts(kind, value, **properties)[0] == english


def test_times_are_in_utc_and_say_so():
    schema = tiny_schema_with_time()
    field = schema.by_path["field"]

    assert shown(schema, field, "2026-10-01T10:30:00+02:00", "en") == "1 Oct 2026, 08:30 UTC"
    assert shown(schema, field, "2026-10-01T08:30:00", "en") == "1 Oct 2026, 08:30 UTC"


def test_days_read_alike_in_details_and_around_them():
    """Values of details are Babel's, other times Django's."""
    days = texts("datetime", "2026-11-26", enableTime=False)
    around = []
    for language in ("en", "de", "fr"):
        with override(language):
            around.append(date_format(date(2026, 11, 26)))

    assert days == ["26 Nov 2026", "26. Nov. 2026", "26 nov. 2026"]
    assert around == days


def tiny_schema_with_time():
    return compiled_of(component("datetime", "field", enableTime=True))


def test_values_follow_the_language():
    assert texts("checkbox", True) == ["Yes", "Ja", "Oui"]
    assert texts("number", 1234.5)[1] == "1\u2019234.5"


def test_a_path_that_the_schema_no_longer_has_is_its_own_label():
    row = change_row(tiny_compiled(), Change("gone.field", "a", "b"), "en")

    assert (row.place.label, row.place.section, row.original, row.target) == ("field", "", "a", "b")


def test_an_order_of_rows_is_shown_by_ids():
    change = Change("notes", ["a", "b"], ["b", "a"], is_order=True)

    (row,) = change_rows(tiny_compiled(), [change], "en")

    assert (row.place.label, row.original, row.target, row.is_order) == (
        "notes",
        "a, b",
        "b, a",
        True,
    )


def test_rows_of_a_wrong_shape_are_shown_as_they_are():
    assert shown_rows(tiny_compiled(), "notes", [{}, "odd"], "en") == "1. \n2. odd"
    assert shown_rows(tiny_compiled(), "notes", [], "en") is None


def test_a_grid_as_a_value_is_its_rows():
    row = change_row(
        tiny_compiled(), Change("notes", [{"id": "x", "text": "one", "weight": 2}], None), "en"
    )

    assert row.original == "1. id x · text: one · weight: 2"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("person.lastName", "lastName"),
        ("channels.addresses[1].city", "addresses / city [2]"),
        ("notes", "notes"),
    ],
)
def test_places_are_named_for_messages(path, words):
    assert place_of_path(tiny_compiled(), path, "en") == words


def test_sections_follow_panels_and_leave_hidden_fields_out():
    schema = compiled_of(
        component("panel", "first", title="First", components=[component("textfield", "shown")]),
        component("textfield", "secret", hidden=True),
        container(
            "box", component("textfield", "inside"), grid("rows", component("textfield", "a"))
        ),
    )

    found = sections(schema, {"rows": "no grid", "box": {"rows": [{"a": "x"}, "no row"]}}, "en")

    assert [section.title for section in found] == ["First", "box"]
    paths = [entry.path for section in found for group in section.groups for entry in group.entries]
    assert paths == ["shown", "box.inside"]
    (table,) = found[1].groups[0].tables
    assert [list(cells) for _, cells in table.rows] == [["x"]]
    assert table.has_ids is False
