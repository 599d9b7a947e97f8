"""Rules of one row: keys, labels, custom attributes."""

import pytest
from django.core.exceptions import ValidationError

from lists.validators import (
    validate_custom_attributes,
    validate_item_key,
    validate_labels,
    validate_list_key,
)


@pytest.mark.parametrize("key", ["CH", "US-CA", "SELF_EMPLOYED", "A.1", "X" + "9" * 63, "TRUES"])
def test_d12_item_keys_within_the_grammar_pass(key):
    validate_item_key(key)


@pytest.mark.parametrize(
    "key",
    ["", "ch", "1", "9A", "-A", "A B", "Ä", "CH\n", "X" + "9" * 64, "TRUE", "FALSE", "A\x00"],
)
def test_d12_item_keys_outside_the_grammar_are_refused(key):
    with pytest.raises(ValidationError):
        validate_item_key(key)


@pytest.mark.parametrize("key", ["countries", "maritalStatuses", "a-b_9"])
def test_list_keys_within_the_grammar_pass(key):
    validate_list_key(key)


@pytest.mark.parametrize("key", ["", "9a", "a.b", "a/b", "a\n", "a" * 65])
def test_list_keys_outside_the_grammar_are_refused(key):
    with pytest.raises(ValidationError):
        validate_list_key(key)


@pytest.mark.parametrize(
    "labels",
    [
        {"en": "Red"},
        {"en": "Red", "de-CH": "Rot", "zh-Hant": "紅"},
        {"en": "Risque\u00a0!"},
        {"en": "\u00df" * 250, "de-1996-1997-1998-1999-2000-2001-20": "Rot"},
        {"en": "Red"} | {f"de-{number:04}": "Rot" for number in range(49)},
    ],
)
def test_s6_labels_with_the_default_language_pass(labels):
    validate_labels(labels)


@pytest.mark.parametrize(
    "labels",
    [
        None,
        "Red",
        ["Red"],
        {},
        {"de": "Rot"},
        {"en": "Red", "DE": "Rot"},
        {"en": "Red", "deutsch!": "Rot"},
        {"en": "Red", 1: "Rot"},
        {"en": None},
        {"en": " "},
        {"en": "Re\x00d"},
        {"en": "Re\nd"},
        {"en": "Re\ud800d"},
        {"en": "R" * 251},
        {"en": "\ufdfa" * 28},
        {"en": "Red", "de" + "-1996" * 7: "Rot"},
        {"en": "Red"} | {f"de-{number:04}": "Rot" for number in range(50)},
    ],
)
def test_s6_other_labels_are_refused(labels):
    with pytest.raises(ValidationError):
        validate_labels(labels)


@pytest.mark.parametrize("attributes", [{}, {"iso3": "CHE", "codes": [1, 2.5, None, True]}])
def test_json_objects_pass_as_custom_attributes(attributes):
    validate_custom_attributes(attributes)


@pytest.mark.parametrize(
    "attributes",
    [
        [],
        "text",
        {"a": float("nan")},
        {"a": 2**63},
        {"a": "\x00"},
        {"a": "\ud800"},
        {"a": {1, 2}},
        {"a": "x" * 10_000},
    ],
)
def test_other_custom_attributes_are_refused(attributes):
    with pytest.raises(ValidationError):
        validate_custom_attributes(attributes)


def test_custom_attributes_that_nest_too_deeply_are_refused():
    attributes = {}
    for _ in range(40):
        attributes = {"a": attributes}

    with pytest.raises(ValidationError):
        validate_custom_attributes(attributes)
