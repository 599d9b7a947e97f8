"""Values of details as people see them, and their order (D5, C1)."""

from typing import Any

import pytest

from crmschema.documents import Change
from crmschema.rendering import is_marked, ordered, rendered, rendered_value
from tests.factories.schemas import tiny_compiled


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("person.nickname", "x", "x"),
        ("person.nickname", "", ""),
        ("person.nickname", None, None),
        ("person.height", 1, "1"),
        ("person.height", 1.5, "1.5"),
        ("person.isPep", True, "true"),
        ("person.isPep", False, "false"),
        ("person.region", "NORTH", "North"),
        ("person.region", "GONE", "GONE"),
        ("person.colours", ["RED", "BLUE"], "Red; Blue"),
        ("channels.addresses[1].city", "x", "x"),
        ("no.longer.there", "RED", "RED"),
        ("no.longer.there", ["a", 1, {"b": 2}], 'a; 1; {"b":2}'),
    ],
)
def test_d5_a_value_as_people_read_it(path: str, value: Any, shown: str | None) -> None:
    assert rendered(tiny_compiled(), Change(path, None, value), value, "en") == shown


def test_d5_a_whole_grid_is_its_rows() -> None:
    rows = [{"id": "p", "city": "Bern", "street": "A 1"}, {"city": "Basel"}]
    shape = Change("channels.addresses", None, rows)

    shown = rendered(tiny_compiled(), shape, rows, "en")

    assert shown is not None
    assert [set(row.split(", ")) for row in shown.split("; ")] == [{"Bern", "A 1"}, {"Basel"}]


def test_d5_an_order_shows_the_ids() -> None:
    order = Change("notes", ["p", "q"], ["q", "p"], is_order=True)

    assert rendered(tiny_compiled(), order, order.target, "en") == "q, p"
    assert rendered_value(tiny_compiled(), None, ["q", "p"], "en") == "q; p"


@pytest.mark.parametrize(
    ("change", "marked"),
    [
        (Change("person.lastName", 1, 2), True),
        (Change("person.nickname", 1, 2), False),
        (Change("channels.addresses[3].street", 1, 2, "p"), True),
        (Change("channels.addresses[3].id", "p", None, "p"), False),
        (Change("channels.addresses", ["p"], ["q"], is_order=True), True),
        (Change("notes", ["p"], ["q"], is_order=True), False),
        (Change("gone", ["p"], ["q"], is_order=True), False),
        (Change("gone", 1, 2), False),
    ],
)
def test_c1_what_is_marked(change: Change, marked: bool) -> None:
    assert is_marked(tiny_compiled(), change) is marked


def test_changes_stand_in_the_order_of_the_schema_row_by_row() -> None:
    paths = [
        "person.firstName",
        "person.height",
        "channels.email",
        "channels.addresses",
        "channels.addresses[0].id",
        "channels.addresses[0].city",
        "channels.addresses[0].street",
        "channels.addresses[1].city",
        "notes[0].text",
        "aaa.gone",
        "gone[0].text",
    ]
    changes = [
        Change(path, None, 1, is_order=path == "channels.addresses") for path in reversed(paths)
    ]

    assert [change.path for change in ordered(tiny_compiled(), changes)] == paths
