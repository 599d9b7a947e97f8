"""What has moved under a request, and how a reviewer settles it (C6). Pure."""

from typing import Any

import pytest

from changerequests.approval import grid_bases, without_composed
from changerequests.conflicts import (
    Conflict,
    ConflictAnswer,
    Shown,
    Take,
    find_conflicts,
    resolve,
)
from config.common.exceptions import BadRequest
from crmschema.documents import Change, diff, fold
from tests.factories.schemas import tiny_compiled

TARGET, CURRENT = Take.TARGET, Take.CURRENT


class Held:
    """A request from one document to another."""

    def __init__(self, stored: dict[str, Any], proposed: dict[str, Any]) -> None:
        self.changes = diff(stored, proposed)
        self.base = grid_bases(stored, self.changes)

    def conflicts(self, current: dict[str, Any]) -> list[Conflict]:
        return find_conflicts(current, self.changes, self.base)

    def approved(self, current: dict[str, Any], **answers: Take) -> dict[str, Any] | None:
        """The document that an approval with these answers (by last key) gives."""
        found = self.conflicts(current)
        given = [
            ConflictAnswer(
                each.path,
                answers[each.path.rpartition(".")[2].replace("[", "").rstrip("]")],
                each.row_id,
            )
            for each in found
        ]
        changes = resolve(self.changes, found, given)
        return None if changes is None else fold(current, changes)


def rows(*values: dict[str, Any]) -> dict[str, Any]:
    return {"g": list(values)}


def places(conflicts: list[Conflict]) -> list[tuple[str, str | None, Any, Any, Any]]:
    return [
        (each.path, each.row_id, each.original, each.current, each.target) for each in conflicts
    ]


# --- Outside of grids --------------------------------------------------------------------------
def errors_of(error: BadRequest) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in (error.properties or {})["errors"]]


def test_c6_nothing_moved_is_no_conflict() -> None:
    held = Held({"a": 1, "b": 1}, {"a": 2, "b": 1})

    assert held.conflicts({"a": 1.0, "b": 5}) == []
    assert held.approved({"a": 1, "b": 5}) == {"a": 2, "b": 5}


def test_c6_a_moved_value_is_a_conflict_with_its_three_values() -> None:
    held = Held({"a": 1}, {"a": 2})

    assert places(held.conflicts({"a": 3})) == [("a", None, 1, 3, 2)]
    assert places(held.conflicts({})) == [("a", None, 1, None, 2)]
    # Also when it moved to what was asked for: the reviewer saw another original.
    assert places(held.conflicts({"a": 2})) == [("a", None, 1, 2, 2)]
    assert held.approved({"a": 3}, a=TARGET) == {"a": 2}
    assert held.approved({"a": 3}, a=CURRENT) == {"a": 3}


def test_c6_every_conflict_must_be_answered() -> None:
    held = Held({"a": 1, "b": 1}, {"a": 2, "b": 2})
    conflicts = held.conflicts({"a": 3, "b": 3})

    assert resolve(held.changes, conflicts, []) is None
    assert resolve(held.changes, conflicts, [ConflictAnswer("a", TARGET)]) is None


def test_c6_an_answer_without_a_conflict_is_refused() -> None:
    held = Held({"a": 1, "b": 1}, {"a": 2, "b": 2})

    both = [ConflictAnswer("a", TARGET), ConflictAnswer("b", TARGET)]
    with pytest.raises(BadRequest) as refusal:
        resolve(held.changes, held.conflicts({"a": 3, "b": 1}), both)
    assert errors_of(refusal.value) == [("conflicts[1].path", "NoConflict")]


def test_c6_a_conflict_is_answered_once() -> None:
    held = Held({"a": 1}, {"a": 2})
    twice = [ConflictAnswer("a", TARGET), ConflictAnswer("a", CURRENT)]

    with pytest.raises(BadRequest) as refusal:
        resolve(held.changes, held.conflicts({"a": 3}), twice)
    assert errors_of(refusal.value) == [("conflicts[1].path", "AnsweredTwice")]


def test_c6_two_conflicts_at_one_path_are_told_apart_by_the_row() -> None:
    # The request removes the first row and changes the second, which then has its index.
    held = Held(
        rows({"id": "a", "x": 1}, {"id": "b", "x": 1}),
        rows({"id": "b", "x": 2}),
    )
    current = rows({"id": "a", "x": 3}, {"id": "b", "x": 4})
    conflicts = held.conflicts(current)

    assert [(each.path, each.row_id) for each in conflicts] == [("g[0].x", "b"), ("g[0].x", "a")]
    with pytest.raises(BadRequest) as refusal:
        resolve(held.changes, conflicts, [ConflictAnswer("g[0].x", TARGET)])
    assert errors_of(refusal.value) == [("conflicts[0].rowId", "Required")]
    answers = [ConflictAnswer("g[0].x", TARGET, "a"), ConflictAnswer("g[0].x", CURRENT, "b")]
    decided = resolve(held.changes, conflicts, answers)
    assert decided is not None
    assert fold(current, decided) == rows({"id": "b", "x": 4})


def test_c6_a_vanished_row_is_a_conflict_also_for_a_value_that_was_missing() -> None:
    held = Held(rows({"id": "a", "x": 1}), rows({"id": "a", "x": 1, "y": 2}))

    assert places(held.conflicts(rows({"id": "b", "x": 1}))) == [("g[0].y", "a", None, None, 2)]
    assert held.approved({}, y=CURRENT) == {}
    assert held.approved({}, y=TARGET) == rows({"id": "a", "y": 2})


# --- Rows with ids -----------------------------------------------------------------------------
def test_c6_rows_by_id_conflict_leaf_by_leaf() -> None:
    held = Held(rows({"id": "p", "x": 1, "y": 1}), rows({"id": "p", "x": 2, "y": 1}))
    current = rows({"id": "n"}, {"id": "p", "x": 1, "y": 5})

    assert held.conflicts(current) == []
    assert held.approved(current) == rows({"id": "n"}, {"id": "p", "x": 2, "y": 5})


def test_c6_a_vanished_row_is_a_conflict() -> None:
    held = Held(rows({"id": "p", "x": 1, "y": 1}), rows({"id": "p", "x": 2, "y": 1}))
    current = rows({"id": "n"})

    assert places(held.conflicts(current)) == [("g[0].x", "p", 1, None, 2)]
    assert held.approved(current, x=CURRENT) == current
    restored = held.approved(current, x=TARGET)
    assert restored is not None
    assert {"id": "p", "x": 2} in restored["g"]


def test_c6_a_removed_row_that_gained_values_is_a_conflict() -> None:
    held = Held(rows({"id": "p", "x": 1}, {"id": "q"}), rows({"id": "q"}))
    current = rows({"id": "p", "x": 1, "y": 5}, {"id": "q"})

    assert places(held.conflicts(current)) == [("g[0].y", "p", None, 5, None)]
    assert held.approved(current, y=TARGET) == rows({"id": "q"})


def test_c6_a_removed_row_that_keeps_a_value_is_kept_whole() -> None:
    held = Held(rows({"id": "p", "x": 1}, {"id": "q"}), rows({"id": "q"}))

    gained = rows({"id": "p", "x": 1, "y": 5}, {"id": "q"})
    assert held.approved(gained, y=CURRENT) == gained
    changed = rows({"id": "p", "x": 5}, {"id": "q"})
    assert held.approved(changed, x=CURRENT) == rows({"id": "p", "x": 5}, {"id": "q"})
    assert held.approved(changed, x=TARGET) == rows({"id": "q"})


def test_c6_a_row_without_id_that_came_meanwhile_makes_the_whole_grid_the_base() -> None:
    held = Held(rows({"id": "p", "x": 1}, {"id": "q", "x": 1}), rows({"id": "q", "x": 1}))
    current = rows({"id": "p", "x": 1}, {"x": 9}, {"id": "q", "x": 1})

    assert [(each.path, each.row_id) for each in held.conflicts(current)] == [("g", None)]


def test_c6_a_row_that_was_added_meanwhile_is_a_conflict() -> None:
    held = Held({}, rows({"id": "p", "x": 1}))
    current = rows({"id": "p", "y": 5})

    assert places(held.conflicts(current)) == [
        ("g[0].id", "p", None, "p", "p"),
        ("g[0].y", "p", None, 5, None),
    ]
    assert held.approved(current, id=TARGET, y=TARGET) == rows({"id": "p", "x": 1})
    assert held.approved(current, id=CURRENT, y=CURRENT) == rows({"id": "p", "x": 1, "y": 5})


def test_c6_a_moved_order_is_a_conflict_of_a_request_that_orders() -> None:
    held = Held(rows({"id": "p"}, {"id": "q"}), rows({"id": "q"}, {"id": "p"}))
    current = rows({"id": "p"}, {"id": "n"}, {"id": "q"})

    assert places(held.conflicts(current)) == [("g", None, ["p", "q"], ["p", "n", "q"], ["q", "p"])]
    assert held.approved(current, g=CURRENT) == current
    assert held.approved(current, g=TARGET) == rows({"id": "q"}, {"id": "p"}, {"id": "n"})
    assert places(held.conflicts({}))[0][3] is None


def test_c6_a_moved_order_is_none_of_a_request_that_does_not_order() -> None:
    held = Held(rows({"id": "p", "x": 1}, {"id": "q"}), rows({"id": "p", "x": 2}, {"id": "q"}))
    current = rows({"id": "q"}, {"id": "p", "x": 1})

    assert held.conflicts(current) == []
    assert held.approved(current) == rows({"id": "q"}, {"id": "p", "x": 2})


# --- Rows without ids --------------------------------------------------------------------------
def test_c6_without_ids_the_base_is_the_whole_grid() -> None:
    held = Held(rows({"x": 1}, {"x": 2}), rows({"x": 1}, {"x": 3}))

    assert held.base == rows({"x": 1}, {"x": 2})
    assert held.conflicts(rows({"x": 1.0}, {"x": 2})) == []
    moved = rows({"x": 0}, {"x": 1}, {"x": 2})
    assert places(held.conflicts(moved)) == [
        ("g", None, [{"x": 1}, {"x": 2}], moved["g"], [{"x": 1}, {"x": 3}])
    ]
    assert held.approved(moved, g=CURRENT) == moved
    assert held.approved(moved, g=TARGET) == rows({"x": 1}, {"x": 3})


def test_c6_the_base_of_a_new_grid_is_none() -> None:
    held = Held({}, {"c": {"g": [{"x": 1}]}})

    assert held.base == {"c.g": []}
    assert held.conflicts({}) == []
    assert held.approved({}) == {"c": {"g": [{"x": 1}]}}
    assert places(held.conflicts({"c": {"g": [{"x": 2}]}})) == [
        ("c.g", None, None, [{"x": 2}], [{"x": 1}])
    ]


def test_c6_a_new_order_beside_rows_without_ids_is_based_on_the_whole_grid() -> None:
    held = Held(rows({"id": "p"}, {"x": 1}, {"id": "q"}), rows({"id": "q"}, {"x": 1}, {"id": "p"}))

    assert [change.is_order for change in held.changes] == [True]
    assert held.base == rows({"id": "p"}, {"x": 1}, {"id": "q"})
    moved = rows({"id": "p"}, {"x": 2}, {"id": "q"})
    assert [conflict.path for conflict in held.conflicts(moved)] == ["g"]
    assert held.approved(moved, g=TARGET) == rows({"id": "q"}, {"x": 1}, {"id": "p"})


def test_c6_what_is_outside_of_the_grid_is_not_based_on_it() -> None:
    held = Held({"a": 1, **rows({"x": 1})}, {"a": 2, **rows({"x": 2})})
    current = {"a": 1, **rows({"x": 5})}

    assert [conflict.path for conflict in held.conflicts(current)] == ["g"]
    assert held.approved(current, g=CURRENT) == {"a": 2, **rows({"x": 5})}


def test_c6_an_answer_to_another_value_of_today_leaves_the_conflict_open() -> None:
    held = Held({"a": 1}, {"a": 2})
    seen, now = held.conflicts({"a": 3}), held.conflicts({"a": 4})
    stale = ConflictAnswer("a", TARGET, seen=seen[0].current_digest)
    fresh = ConflictAnswer("a", TARGET, seen=now[0].current_digest)

    assert resolve(held.changes, now, [stale]) is None
    assert resolve(held.changes, now, [fresh]) == [Change("a", 1, 2)]
    with pytest.raises(BadRequest):
        resolve(held.changes, now, [stale, fresh])


def test_c6_an_answer_to_another_text_of_today_leaves_the_conflict_open() -> None:
    held = Held({"a": 1}, {"a": 2})
    now, gone = held.conflicts({"a": 4}), held.conflicts({})

    def decided(conflicts: list[Conflict], text: str | None) -> list[Change] | None:
        answer = ConflictAnswer("a", TARGET, shown=Shown(text))
        return resolve(held.changes, conflicts, [answer], show)

    def show(conflict: Conflict) -> str | None:
        return None if conflict.current is None else f"<{conflict.current}>"

    assert decided(now, "<4>") == decided(gone, None) == [Change("a", 1, 2)]
    for stale in ("<3>", "4", "", None):
        assert decided(now, stale) is None
    assert decided(gone, "<4>") is None


# --- The composed name (D12) -------------------------------------------------------------------
def test_d12_requests_hold_no_composed_name() -> None:
    changes = [Change("person.displayName", "a", "b"), Change("person.lastName", "a", "b")]

    assert without_composed(tiny_compiled(), changes) == changes[1:]
