"""Conditional visibility: hidden leaves and the JSON Schema's clauses (schema format, 4 and 9)."""

from typing import Any

import pytest
from schema_builders import compiled, component, select, shown_when

from crmschema.compiler.model import CompiledSchema
from crmschema.conditions import hidden_grids, hidden_leaves

REQUIRED = {"required": True}


def text(key: str, **properties: Any) -> dict[str, Any]:
    return component("textfield", key, **properties)


def needed(key: str, when: str, equals: Any, *, show: bool = True) -> dict[str, Any]:
    return text(key, validate=REQUIRED, conditional=shown_when(when, equals, show=show))


def hidden(schema: CompiledSchema, document: dict[str, Any]) -> list[tuple[str, int | None]]:
    return [(leaf.field.path, leaf.row) for leaf in hidden_leaves(schema, document)]


@pytest.mark.parametrize(
    ("control", "equals", "value", "is_equal"),
    [
        (component("checkbox", "c"), "true", True, True),
        (component("checkbox", "c"), "true", False, False),
        (component("checkbox", "c"), "true", None, False),
        (component("checkbox", "c"), "false", False, True),
        (component("checkbox", "c"), "false", None, True),
        (component("checkbox", "c"), "false", True, False),
        (component("number", "c"), "5", 5, True),
        (component("number", "c"), "5", 5.0, True),
        (component("number", "c"), "0.5", 0.5, True),
        (component("number", "c"), "5", 6, False),
        (component("number", "c"), "1", True, False),
        (component("number", "c"), "5", None, False),
        (text("c"), "x", "x", True),
        (text("c"), "x", "y", False),
        (text("c"), "x", None, False),
        (text("c"), "5", 5, False),
        (select("c"), "RED", "RED", True),
        (component("datetime", "c", enableTime=False), "2024-01-01", "2024-01-01", True),
        (select("c", multiple=True), "RED", ["GREEN", "RED"], True),
        (select("c", multiple=True), "RED", ["GREEN"], False),
        (select("c", multiple=True), "RED", "RED", False),
        (component("tags", "c"), "x", ["x"], True),
    ],
)
@pytest.mark.parametrize("show", [True, False])
def test_comparison_is_the_same_here_and_in_the_json_schema(
    control: dict[str, Any], equals: str, value: Any, is_equal: bool, show: bool
) -> None:
    schema = compiled(control, needed("a", "c", equals, show=show))
    document = {} if value is None else {"c": value}

    is_visible = is_equal is show
    assert hidden(schema, document) == ([] if is_visible else [("a", None)])
    if schema.validator.is_valid({**document, "a": "x"}):
        assert schema.validator.is_valid(document) is not is_visible


def test_d6_hidden_controlling_field_counts_as_having_no_value() -> None:
    schema = compiled(
        component("checkbox", "first"),
        needed("second", "first", "true"),
        needed("third", "second", "x"),
        needed("fourth", "second", "x", show=False),
        component("checkbox", "tick", conditional=shown_when("first", "true")),
        needed("fifth", "tick", "false"),
    )

    assert sorted(hidden(schema, {"second": "x", "tick": False})) == [
        ("fifth", None),
        ("second", None),
        ("third", None),
        ("tick", None),
    ]
    assert sorted(hidden(schema, {"first": True, "second": "x", "tick": True})) == [
        ("fifth", None),
        ("fourth", None),
    ]


def test_d6_order_of_fields_does_not_matter() -> None:
    schema = compiled(
        text("last", conditional=shown_when("middle", "x")),
        text("middle", conditional=shown_when("first", "x")),
        text("first"),
    )

    assert [field.path for field in schema.conditional] == ["middle", "last"]
    assert hidden(schema, {"middle": "x"}) == [("middle", None), ("last", None)]


def test_conditions_of_ancestors_count() -> None:
    inner = component("well", "w", conditional=shown_when("b", "true"), components=[text("a")])
    schema = compiled(
        component("checkbox", "o"),
        component("checkbox", "b"),
        component("container", "c", conditional=shown_when("o", "true"), components=[inner]),
    )

    assert hidden(schema, {"o": True, "b": True}) == []
    assert hidden(schema, {"o": True}) == [("c.a", None)]
    assert hidden(schema, {"b": True}) == [("c.a", None)]


def row_schema() -> CompiledSchema:
    return compiled(
        component("checkbox", "o"),
        component(
            "container",
            "c",
            components=[
                component(
                    "datagrid",
                    "g",
                    components=[
                        component("checkbox", "b"),
                        needed("inner", "c.g.b", "true"),
                        needed("outer", "o", "true"),
                    ],
                )
            ],
        ),
    )


def test_conditions_in_rows_are_judged_row_by_row() -> None:
    schema = row_schema()

    assert sorted(hidden(schema, {"c": {"g": [{"b": True}, {}, "odd"]}})) == [
        ("c.g.inner", 1),
        ("c.g.inner", 2),
        ("c.g.outer", 0),
        ("c.g.outer", 1),
        ("c.g.outer", 2),
    ]
    assert hidden(schema, {"o": True, "c": {"g": [{"b": True}]}}) == []


@pytest.mark.parametrize("document", [{}, {"c": "odd"}, {"c": {"g": {}}}, {"c": {"g": []}}])
def test_absent_or_malformed_grid_has_no_rows(document: dict[str, Any]) -> None:
    assert hidden(row_schema(), document) == []


def test_schema_without_conditions_hides_nothing() -> None:
    schema = compiled(text("a", hidden=True))

    assert hidden(schema, {"a": "x"}) == []
    assert hidden_grids(schema, {}) == []


def test_d6_grid_hidden_as_a_whole() -> None:
    schema = compiled(
        component("checkbox", "o"),
        component(
            "datagrid",
            "g",
            validate=REQUIRED,
            conditional=shown_when("o", "true"),
            components=[text("a")],
        ),
    )

    assert [grid.path for grid in hidden_grids(schema, {"g": [{"id": "1"}]})] == ["g"]
    assert hidden_grids(schema, {"o": True}) == []
    assert hidden(schema, {"g": [{"id": "1"}]}) == [("g.a", 0)]
    assert schema.validator.is_valid({})
    assert not schema.validator.is_valid({"o": True})


def test_clauses_stand_at_the_common_object_and_are_shared() -> None:
    schema = compiled(
        component(
            "container",
            "c",
            components=[
                component("checkbox", "on"),
                needed("a", "c.on", True),
                needed("b", "c.on", True),
            ],
        )
    )

    required_text = schema.json_schema["properties"]["c"]["allOf"][0]["then"]["properties"]["a"]
    assert schema.json_schema["properties"]["c"]["allOf"] == [
        {
            "if": {"properties": {"on": {"const": True}}, "required": ["on"]},
            "then": {
                "required": ["a", "b"],
                "properties": {"a": required_text, "b": required_text},
            },
        }
    ]


def test_condition_in_another_container_descends_on_both_sides() -> None:
    schema = compiled(
        component("container", "x", components=[component("checkbox", "on")]),
        component(
            "container", "y", components=[needed("a", "x.on", True), needed("b", "x.on", True)]
        ),
    )

    [clause] = schema.json_schema["allOf"]
    assert clause["if"] == {
        "properties": {
            "x": {
                "type": "object",
                "properties": {"on": {"const": True}},
                "required": ["on"],
            }
        },
        "required": ["x"],
    }
    assert clause["then"]["required"] == ["y"]
    assert clause["then"]["properties"]["y"]["required"] == ["a", "b"]
    assert not schema.validator.is_valid({"x": {"on": True}})
    assert schema.validator.is_valid({"x": None})


def test_target_in_rows_with_a_condition_outside_does_not_require_the_grid() -> None:
    schema = row_schema()

    assert schema.validator.is_valid({"o": True})
    assert schema.validator.is_valid({"o": True, "c": {"g": []}})
    assert not schema.validator.is_valid({"o": True, "c": {"g": [{}]}})
    assert not schema.validator.is_valid({"c": {"g": [{"b": True}]}})
    assert schema.validator.is_valid({"c": {"g": [{"b": True, "inner": "x"}]}})


def test_condition_inside_and_outside_the_row() -> None:
    schema = compiled(
        component("checkbox", "o"),
        component("checkbox", "p"),
        component(
            "datagrid",
            "g",
            components=[
                component("checkbox", "b", conditional=shown_when("o", "true")),
                component(
                    "container",
                    "k",
                    conditional=shown_when("p", "true"),
                    components=[needed("a", "g.b", "true", show=False)],
                ),
            ],
        ),
    )

    for document, is_needed in [
        ({"g": [{}]}, False),
        ({"p": True, "g": [{}]}, True),
        ({"p": True, "g": [{"b": True}]}, True),
        ({"p": True, "o": True, "g": [{"b": True}]}, False),
        ({"p": True, "o": True, "g": [{}]}, True),
    ]:
        assert schema.validator.is_valid(document) is not is_needed, document
        assert (("g.k.a", 0) in hidden(schema, document)) is not is_needed, document


def test_contradicting_conditions_never_require() -> None:
    schema = compiled(
        component("checkbox", "o"),
        component(
            "panel",
            "p",
            conditional=shown_when("o", "true"),
            components=[needed("a", "o", "true", show=False)],
        ),
    )

    assert "allOf" not in schema.json_schema
    assert hidden(schema, {"o": True}) == [("a", None)]
    assert hidden(schema, {}) == [("a", None)]
