"""A grid before and after: rows that came, went, moved (D4)."""

import pytest

from crmschema.documents import diff
from crmschema.presentation import GridChange, grid_change
from tests.factories.schemas import tiny_compiled

Row = dict[str, str]


def ids(text: str) -> list[Row]:
    """Rows with the ids that are the letters of `text`."""
    return [{"id": letter, "street": letter} for letter in text]


def plain(text: str) -> list[Row]:
    """Rows without ids, told apart by their street."""
    return [{"street": letter} for letter in text]


def change(before: list[Row], after: list[Row]) -> GridChange:
    return grid_change(tiny_compiled(), "channels.addresses", before, after, "en")


def marks(before: list[Row], after: list[Row]) -> list[str]:
    def text(row) -> str:
        street = row.cells[-1]
        return f"{row.mark}:{street.after or street.before}"

    return [text(row) for row in change(before, after).rows]


@pytest.mark.parametrize("rows", [ids, plain])
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "axbc", ["same:a", "inserted:x", "same:b", "same:c"]),
        ("abc", "ac", ["same:a", "removed:b", "same:c"]),
        ("abc", "bc", ["removed:a", "same:b", "same:c"]),
        ("abc", "abcx", ["same:a", "same:b", "same:c", "inserted:x"]),
        ("", "a", ["inserted:a"]),
        ("ab", "", ["removed:a", "removed:b"]),
        ("abc", "abc", ["same:a", "same:b", "same:c"]),
    ],
)
def test_d4_a_row_in_the_middle_leaves_the_others_alone(rows, before, after, expected):
    assert marks(rows(before), rows(after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abcd", "dabc", ["moved:d", "same:a", "same:b", "same:c"]),
        ("abcd", "bcda", ["same:b", "same:c", "same:d", "moved:a"]),
        ("abcd", "acbd", ["same:a", "moved:c", "same:b", "same:d"]),
        ("abc", "cxa", ["moved:c", "inserted:x", "same:a", "removed:b"]),
    ],
)
def test_d4_as_few_rows_as_can_be_are_said_to_have_moved(before, after, expected):
    assert marks(ids(before), ids(after)) == expected


def test_d4_a_changed_row_shows_both_values():
    grid = change(
        [{"id": "a", "city": "x", "street": "one"}], [{"id": "a", "city": "y", "street": "one"}]
    )

    assert (grid.label, [column.label for column in grid.columns]) == (
        "addresses",
        ["city", "street"],
    )
    assert [column.is_approval_required for column in grid.columns] == [False, True]
    (row,) = grid.rows
    assert (row.mark, row.before, row.after, row.row_id) == ("changed", 1, 1, "a")
    assert [(cell.before, cell.after, cell.is_changed) for cell in row.cells] == [
        ("x", "y", True),
        ("one", "one", False),
    ]


def test_d4_rows_without_ids_that_differ_are_compared_place_by_place():
    assert marks(plain("axc"), plain("ayc")) == ["same:a", "changed:y", "same:c"]


def test_a_grid_that_the_schema_no_longer_has_is_named_by_its_key():
    grid = grid_change(tiny_compiled(), "person.cars", [{"id": "a"}], ["odd"], "en")

    assert (grid.label, grid.columns) == ("cars", [])
    assert [row.mark for row in grid.rows] == ["removed", "inserted"]


def test_d4_changes_say_what_came_went_and_moved_not_that_every_row_was_written_anew():
    before = {"notes": [{"id": key, "text": key} for key in "abcd"]}

    def paths(order: str) -> list[tuple[str, str | None]]:
        after = {"notes": [{"id": key, "text": key} for key in order]}
        return [(each.path, each.row_id) for each in diff(before, after)]

    assert paths("axbcd") == [("notes[1].id", "x"), ("notes[1].text", "x")]
    assert paths("acd") == [("notes[1].id", "b"), ("notes[1].text", "b")]
    assert paths("acbd") == [("notes", None)]
