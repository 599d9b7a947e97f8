"""Random schemas and documents: one verdict, whoever judges.

The derived JSON Schema under `jsonschema` is the oracle of the server's verdict; a slow reading of
the rules is the oracle of visibility and of what is required.
"""

import re
from copy import deepcopy
from random import Random
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import validators
from reference_visibility import ReferenceVisibility
from schema_builders import LISTS, seeded
from schema_generator import SchemaGenerator, document_of

from crmschema.compiler import canonical, compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.conditions import hidden_leaves
from crmschema.validation import ErrorCode, validate

_SERVER_ONLY = {
    ErrorCode.DECIMALS,
    ErrorCode.INACTIVE_ITEM,
    ErrorCode.LIST_HIERARCHY,
    ErrorCode.ROW_ID_NOT_UNIQUE,
}
_DOCUMENTS = 10
_PROFILE = settings(max_examples=250)


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Any:
    """Python's `$` also matches before a final line feed; that of JSON Schema does not."""
    strict = re.sub(r"\$$", r"\\Z", pattern)
    if isinstance(value, str) and not re.search(strict, value):
        yield jsonschema.ValidationError("no match")


Oracle = validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern})


def made(random: Random) -> tuple[dict[str, Any], dict[str, str], CompiledSchema]:
    generator = SchemaGenerator(random)
    schema = generator.schema()
    compiled = compile_schema(key="random", token=1, schema=schema, lists=LISTS)
    return schema, generator.kinds, compiled


def server_codes(compiled: CompiledSchema, document: dict[str, Any]) -> set[str]:
    return {error.code for error in validate(compiled, document, for_member=False)}


@pytest.mark.untraced
@given(st.integers(0, 2**32))
@settings(_PROFILE, max_examples=1000)
def test_s1_server_and_json_schema_give_one_verdict(seed: int) -> None:
    random = seeded(seed)
    schema, kinds, compiled = made(random)
    jsonschema_rs.meta.validate(dict(compiled.json_schema))
    oracle = Oracle(compiled.json_schema)
    for _ in range(_DOCUMENTS):
        missing, wrong = random.choice([0.0, 0.1, 0.5]), random.choice([0.0, 0.0, 0.1])
        document = document_of(random, schema, kinds, wrong=wrong, missing=missing)

        is_valid = not server_codes(compiled, document) - _SERVER_ONLY

        assert is_valid is oracle.is_valid(document), document


@given(st.integers(0, 2**32))
@_PROFILE
def test_d6_visibility_and_requirements_follow_the_rules(seed: int) -> None:
    random = seeded(seed)
    schema, kinds, compiled = made(random)
    reference = ReferenceVisibility(schema)
    for _ in range(_DOCUMENTS):
        document = document_of(random, schema, kinds, wrong=0.0, missing=0.4)

        leaves = hidden_leaves(compiled, document)
        errors = validate(compiled, document, for_member=False)

        visible = {
            place: reference.is_visible(document, *place) for place in reference.places(document)
        }
        hidden = [place for place, shown in visible.items() if not shown and place[0] in kinds]
        assert sorted((leaf.field.path, leaf.row or 0) for leaf in leaves) == sorted(
            (path, row or 0) for path, row in hidden
        )
        assert {
            (error.field_path, error.row) for error in errors if error.code == ErrorCode.REQUIRED
        } == {
            place for place, shown in visible.items() if shown and lacks(reference, document, place)
        }


def lacks(
    reference: ReferenceVisibility, document: dict[str, Any], place: tuple[str, int | None]
) -> bool:
    """Whether a value that is required where visible is missing (or a checkbox not ticked)."""
    field = reference.fields[place[0]]
    if not field.component["validate"]["required"] or field.is_hidden:
        return False
    value = reference.value(document, *place)
    return value is None or value is False


@given(st.integers(0, 2**32))
@settings(_PROFILE, max_examples=100)
def test_d3_null_means_missing_for_a_strangers_validator(seed: int) -> None:
    random = seeded(seed)
    schema, kinds, compiled = made(random)
    oracle = Oracle(compiled.json_schema)
    for _ in range(_DOCUMENTS):
        document = document_of(random, schema, kinds, wrong=0.0, missing=0.3)

        with_nulls = nulls_added(random, schema["components"], document)

        assert oracle.is_valid(with_nulls) is oracle.is_valid(document), with_nulls


def nulls_added(random: Random, components: list[Any], document: dict[str, Any]) -> dict[str, Any]:
    """Missing members of objects that are there become null, one in two."""
    result = deepcopy(document)
    for raw in components:
        key, kind = raw["key"], raw["type"]
        if kind in {"panel", "fieldset", "well", "columns"}:
            panes = raw["columns"][0]["components"] if kind == "columns" else raw["components"]
            result = nulls_added(random, panes, result)
        elif key not in result:
            if random.random() < 0.5:
                result[key] = None
        elif kind == "container":
            result[key] = nulls_added(random, raw["components"], result[key])
        elif kind == "datagrid":
            result[key] = [nulls_added(random, raw["components"], row) for row in result[key]]
    return result


@given(st.integers(0, 2**32))
@settings(_PROFILE, max_examples=50)
def test_canonical_form_is_stable_and_means_the_same(seed: int) -> None:
    schema, _kinds, compiled = made(seeded(seed))

    result = canonical(schema)

    assert canonical(result) == result
    again = compile_schema(key="random", token=1, schema=result, lists=LISTS)
    assert again.json_schema == compiled.json_schema


@given(
    st.integers(0, 2**32),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["k1", "k2", "k3", "id"]), inner, max_size=3)
        ),
        max_leaves=10,
    ),
)
@settings(_PROFILE, max_examples=150)
def test_any_json_gets_a_verdict(seed: int, value: Any) -> None:
    _schema, _kinds, compiled = made(seeded(seed))
    document = {field.path.partition(".")[0]: value for field in compiled.fields}

    hidden_leaves(compiled, document)
    is_valid = not server_codes(compiled, document) - _SERVER_ONLY

    assert is_valid is Oracle(compiled.json_schema).is_valid(document)
