"""Changes and what folding them gives (D3, D4, D11)."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmschema.documents import (
    Change,
    diff,
    fold,
    fold_all,
    inverted,
    leaves,
    searchable_paths,
)
from crmschema.documents.paths import index_free, row_path
from tests.factories.documents import examples, normal_documents
from tests.factories.randoms import random_document, seeded


def exact(value: Any) -> str:
    """A text that tells `1` from `1.0` and `true` from `1`, but not orders of keys."""
    return json.dumps(value, sort_keys=True)


def stored(changes: list[Change]) -> list[Change]:
    """The changes as they come back from history."""
    return [Change.from_json(json.loads(json.dumps(change.to_json()))) for change in changes]


@examples(60)
@given(before=normal_documents, after=normal_documents)
def test_d11_folding_what_diff_found_gives_the_other_document(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    original = exact(before)

    changes = diff(before, after)

    assert exact(fold(before, changes)) == exact(after)
    assert exact(fold(before, stored(changes))) == exact(after)
    assert exact(before) == original


@examples(20)
@given(versions=st.lists(normal_documents, min_size=1, max_size=6))
def test_d11_folding_all_changes_from_nothing_gives_the_last_document(
    versions: list[dict[str, Any]],
) -> None:
    document: dict[str, Any] = {}
    folded: dict[str, Any] = {}

    for version in versions:
        folded = fold(folded, stored(diff(document, version)))
        document = version

    assert exact(folded) == exact(versions[-1])


@examples(150)
@given(before=normal_documents, after=normal_documents)
def test_d11_folding_inverted_changes_leads_back(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changes = stored(diff(before, after))

    assert exact(fold(after, inverted(changes))) == exact(before)
    assert inverted(inverted(changes)) == changes


@examples(20)
@given(versions=st.lists(normal_documents, min_size=1, max_size=6))
def test_d11_many_steps_are_folded_as_one_after_the_other_both_ways(
    versions: list[dict[str, Any]],
) -> None:
    steps = [stored(diff(*pair)) for pair in pairwise(versions)]
    original = exact(versions)

    assert exact(fold_all(versions[0], steps)) == exact(versions[-1])
    assert exact(fold_all(versions[-1], map(inverted, reversed(steps)))) == exact(versions[0])
    assert exact(versions) == original


@examples(20)
@given(document=normal_documents)
def test_d3_a_document_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert diff(document, json.loads(json.dumps(document))) == []
    assert exact(fold({}, leaves(document))) == exact(document)


def test_d11_folding_gives_every_version_of_a_document_of_the_schema() -> None:
    for seed, random in seeded(1500):
        before, after = random_document(random), random_document(random)

        changes = stored(diff(before, after))

        assert exact(fold(before, changes)) == exact(after), seed
        assert diff(after, fold(before, changes)) == [], seed
        assert exact(fold(after, inverted(changes))) == exact(before), seed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 1}, {"a": 1.0}),
        ({"a": 1.0}, {"a": 1}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 2, "x": 1}}),
        ({"a": [{"x": 1, "y": 2}]}, {"a": [{"y": 2, "x": 1}]}),
        ({"a": [1, 2]}, {"a": [1.0, 2]}),
        ({"a": 0.0}, {"a": -0.0}),
    ],
)
def test_d3_equal_values_are_no_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert diff(before, after) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, True), (True, 1), (0, False), ("1", 1), ([1], [True]), ([1], [1, 1]), (["a"], ["b"])],
)
def test_d3_values_of_other_types_are_changes(before: Any, after: Any) -> None:
    assert diff({"a": before}, {"a": after}) == [Change("a", before, after)]


def test_d3_an_array_of_scalars_is_one_leaf() -> None:
    assert diff({"a": ["x", "y"]}, {"a": ["y", "x"]}) == [Change("a", ["x", "y"], ["y", "x"])]


def test_d3_an_array_of_objects_inside_a_row_is_one_leaf() -> None:
    changes = diff({"g": [{"a": [{"x": 1}]}]}, {"g": [{"a": [{"x": 2}]}]})

    assert changes == [Change("g[0].a", [{"x": 1}], [{"x": 2}])]


def test_d4_rows_with_ids_are_matched_by_id() -> None:
    before = {"g": [{"id": "p", "x": 1}, {"id": "q", "x": 2}]}
    after = {"g": [{"id": "n", "x": 0}, {"id": "q", "x": 3}]}

    changes = diff(before, after)

    assert changes == [
        Change("g[0].id", None, "n", "n"),
        Change("g[0].x", None, 0, "n"),
        Change("g[1].x", 2, 3, "q"),
        Change("g[0].id", "p", None, "p"),
        Change("g[0].x", 1, None, "p"),
    ]


def test_d4_rows_without_ids_are_matched_by_position() -> None:
    changes = diff({"g": [{"x": 1}, {"x": 2}]}, {"g": [{"x": 2}]})

    assert changes == [Change("g[0].x", 1, 2), Change("g[1].x", 2, None)]


def test_d4_a_new_order_is_one_change_beside_those_of_leaves() -> None:
    before = {"c": {"g": [{"id": "p", "x": 1}, {"id": "q"}, {"id": "r"}]}}
    after = {"c": {"g": [{"id": "r"}, {"id": "p", "x": 2}, {"id": "n"}]}}

    changes = diff(before, after)

    assert changes[0] == Change("c.g", ["p", "q", "r"], ["r", "p", "n"], is_order=True)
    assert changes[1:] == [
        Change("c.g[1].x", 1, 2, "p"),
        Change("c.g[2].id", None, "n", "n"),
        Change("c.g[1].id", "q", None, "q"),
    ]


def test_d4_adding_and_removing_rows_is_no_new_order() -> None:
    before = {"g": [{"id": "p"}, {"id": "q"}]}
    after = {"g": [{"id": "n"}, {"id": "q"}]}

    assert [change.is_order for change in diff(before, after)] == [False, False]


def test_d4_a_row_that_gets_an_id_is_another_row() -> None:
    changes = diff({"g": [{"x": 1}]}, {"g": [{"id": "p", "x": 1}]})

    assert changes == [
        Change("g[0].id", None, "p", "p"),
        Change("g[0].x", None, 1, "p"),
        Change("g[0].x", 1, None),
    ]


def test_d4_stored_changes_carry_the_row_id_and_leave_out_what_is_missing() -> None:
    assert Change("g[0].x", None, 1, "p").to_json() == {"path": "g[0].x", "rowId": "p", "target": 1}
    assert Change("a", False, None).to_json() == {"path": "a", "original": False}
    order = Change("g", ["p", "q"], ["q", "p"], is_order=True)
    assert order.to_json() == {
        "path": "g",
        "original": ["p", "q"],
        "target": ["q", "p"],
        "isOrder": True,
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": [{"x": 1}]}, {"a": 5}),
        ({"a": [{"x": 1}]}, {"a": ["RED"]}),
        ({"a": [{"x": 1}]}, {"a": {"b": 1}}),
        ({"a": [{"id": "p"}, {"x": 1}]}, {"a": {"b": {"c": 1}}}),
        ({"a": ["RED"]}, {"a": [{"x": 1}]}),
        ({"a": {"b": 1}}, {"a": [{"x": 1}]}),
        ({"a": {"b": 1}}, {"a": 5}),
        ({"a": 5}, {"a": {"b": 1}}),
    ],
)
def test_d11_folding_holds_where_a_later_schema_gave_a_key_another_shape(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changes = diff(before, after)

    assert fold(before, changes) == after
    assert fold(after, inverted(changes)) == before


# --- Folding into a document that has moved ----------------------------------------------------
def test_c6_a_row_by_id_is_found_wherever_it_stands() -> None:
    changes = diff({"g": [{"id": "p", "x": 1}]}, {"g": [{"id": "p", "x": 2}]})

    folded = fold({"g": [{"id": "n", "x": 9}, {"id": "p", "x": 1}]}, changes)

    assert folded == {"g": [{"id": "n", "x": 9}, {"id": "p", "x": 2}]}


def test_c6_a_row_that_is_gone_comes_back_with_its_id() -> None:
    changes = diff({"g": [{"id": "p", "x": 1, "y": 1}]}, {"g": [{"id": "p", "x": 2, "y": 1}]})

    assert fold({}, changes) == {"g": [{"id": "p", "x": 2}]}


def test_c6_clearing_a_value_of_a_row_that_is_gone_brings_nothing_back() -> None:
    changes = diff({"g": [{"id": "p", "x": 1}]}, {"g": [{"id": "p"}]})

    assert fold({"a": 1}, changes) == {"a": 1}


def test_c6_an_order_moves_only_the_rows_that_it_names() -> None:
    order = Change("g", ["p", "q"], ["q", "p"], is_order=True)

    folded = fold({"g": [{"id": "n"}, {"id": "p"}, {"x": 1}, {"id": "q"}]}, [order])

    assert folded == {"g": [{"id": "q"}, {"id": "p"}, {"x": 1}, {"id": "n"}]}


def test_c6_a_new_row_stands_as_near_to_its_index_as_there_are_rows() -> None:
    assert fold({}, [Change("g[7].x", None, 1), Change("g[9].x", None, 2)]) == {
        "g": [{"x": 1}, {"x": 2}]
    }
    two = [Change("g[0].id", None, "p", "p"), Change("g[0].id", None, "q", "q")]
    assert fold({}, two) == {"g": [{"id": "p"}, {"id": "q"}]}


def test_c6_removing_what_is_not_there_changes_nothing() -> None:
    assert fold({"a": 1}, [Change("b.c.d", 1, None), Change("a", 1, 1)]) == {"a": 1}


def test_c6_containers_left_empty_are_dropped() -> None:
    assert fold({"a": {"b": {"c": 1}}, "d": 1}, [Change("a.b.c", 1, None)]) == {"d": 1}


# --- Paths -------------------------------------------------------------------------------------
def test_q1_changes_are_found_by_path_and_ancestors_with_and_without_index() -> None:
    assert searchable_paths(["c.g[1].x", "a"]) == [
        "a",
        "c",
        "c.g",
        "c.g.x",
        "c.g[1]",
        "c.g[1].x",
    ]


def test_d4_paths_of_rows_have_three_parts() -> None:
    assert row_path("c.g[12].x.y") == ("c.g", 12, "x.y")
    assert row_path("c.g.x") is None
    assert index_free("c.g[12].x.y") == "c.g.x.y"
    assert Change("c.g[12].x", 1, 2).field_path == "c.g.x"
