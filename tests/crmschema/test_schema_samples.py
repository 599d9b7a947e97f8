"""The demo schema of contacts against the JSON Schema that its format's authors derived of it."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest
from schema_builders import DEMO, list_snapshot, seeded

from crmschema.compiler import compile_schema
from crmschema.compiler.model import CompiledSchema
from crmschema.compiler.titles import json_schema_in
from crmschema.validation import validate

REFERENCE = json.loads(
    (Path(__file__).parent / "data" / "contact_reference_jsonschema.json").read_text()
)
VALID: dict[str, Any] = {
    "personalInformation": {
        "salutation": "MS",
        "firstName": "Alma",
        "lastName": "Example",
        "dateOfBirth": "1980-02-29",
        "nationalities": ["US", "CH"],
        "language": "EN",
        "isDeceased": False,
    },
    "contactInformation": {
        "primaryEmail": "alma@example.com",
        "mobile": "+41790000000",
        "addresses": [
            {
                "id": "home",
                "addressType": "RESIDENCE",
                "street": "Main Street 1",
                "postalCode": "10001",
                "city": "New York",
                "country": "US",
                "state": "US-001",
            },
            {"addressType": "MAILING", "street": "Postfach", "city": "Chur", "country": "CH"},
        ],
    },
    "taxInformation": {
        "isUsPerson": True,
        "w9SignedOn": "2024-01-31",
        "residencies": [
            {"taxCountry": "US", "hasTin": True, "tin": "000-00-0000"},
            {"taxCountry": "CH", "hasTin": False, "tinMissingReason": "NOT_ISSUED"},
        ],
    },
    "employment": {"employmentStatus": "RETIRED"},
    "financialSituation": {"annualIncome": 19.99, "sourcesOfWealth": ["SALARY"]},
    "compliance": {"kycRisk": "LOW"},
}


@pytest.fixture(scope="module")
def contact() -> CompiledSchema:
    """Compiled with the very items that the reference has."""
    lists = {}
    for name, definition in REFERENCE["$defs"].items():
        if name.startswith("list."):
            key = name.removeprefix("list.")
            items = definition.get("enum") or [f"US-{number:03}" for number in range(301)]
            parents = dict.fromkeys(items, "US") if key == "states" else {}
            lists[key] = list_snapshot(key, items, parents=parents)
    source = (DEMO / "contact.json").read_text()
    return compile_schema(key="contact", token=1, schema=source, lists=lists)


def codes(compiled: CompiledSchema, document: dict[str, Any]) -> dict[str, str]:
    return {error.path: error.code for error in validate(compiled, document, for_member=False)}


def test_valid_document_is_valid(contact: CompiledSchema) -> None:
    assert codes(contact, VALID) == {}


def test_politically_exposed_person_needs_function_and_explanation(contact: CompiledSchema) -> None:
    document = deepcopy(VALID)
    document["compliance"]["isPep"] = True

    assert codes(contact, document) == {
        "compliance.pepFunction": "Required",
        "compliance.pepExplanation": "Required",
    }


def test_second_address_in_the_us_needs_a_state(contact: CompiledSchema) -> None:
    document = deepcopy(VALID)
    document["contactInformation"]["addresses"][1]["country"] = "US"

    assert codes(contact, document) == {"contactInformation.addresses[1].state": "Required"}


def test_three_kinds_of_wrong_values(contact: CompiledSchema) -> None:
    document = deepcopy(VALID)
    document["personalInformation"]["dateOfBirth"] = "1980-02-30"
    document["financialSituation"]["annualIncome"] = -1
    document["compliance"]["unknown"] = 1

    assert codes(contact, document) == {
        "personalInformation.dateOfBirth": "Format",
        "financialSituation.annualIncome": "Minimum",
        "compliance.unknown": "UnknownField",
    }


def test_derived_schema_has_the_references_structure(contact: CompiledSchema) -> None:
    """Same members everywhere, but for row ids, the `$id` and details of built-in patterns."""
    ours = json.loads(json.dumps(contact.json_schema))
    jsonschema.Draft202012Validator.check_schema(ours)

    assert differences(REFERENCE, ours, "") == []


def test_titles_in_another_language_are_the_only_difference(contact: CompiledSchema) -> None:
    german = json_schema_in(contact, "de")

    addresses = german["properties"]["contactInformation"]["properties"]["addresses"]
    assert addresses["title"] == "Adressen"
    assert addresses["items"]["properties"]["city"]["title"] == "Ort"
    assert "id" in addresses["items"]["properties"]
    assert differences(contact.json_schema, german, "") == []
    assert json_schema_in(contact, "it") == contact.json_schema


def differences(theirs: Any, ours: Any, path: str) -> list[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        expected = (
            {"id", "$id", "minLength", "maxLength", "allOf"}
            if "$defs" in path or path == ""
            else {"id", "minLength"}
        )
        found = [f"{path}/{name}" for name in (theirs.keys() ^ ours.keys()) - expected]
        for name in theirs.keys() & ours.keys() - {"pattern", "title"}:
            found += differences(theirs[name], ours[name], f"{path}/{name}")
        return found
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        return [
            difference
            for index, pair in enumerate(zip(theirs, ours, strict=True))
            for difference in differences(*pair, f"{path}/{index}")
        ]
    return [] if theirs == ours else [path]


def test_random_edits_get_the_references_verdict(contact: CompiledSchema) -> None:
    reference = jsonschema.Draft202012Validator(REFERENCE)
    random = seeded(20_241_231)
    valid = 0
    for _ in range(600):
        document = deepcopy(VALID)
        del document["contactInformation"]["addresses"][0]["id"]
        for _ in range(random.randint(0, 2)):
            random.choice(EDITS)(random, document)

        is_valid = contact.validator.is_valid(document)

        assert is_valid is reference.is_valid(document), document
        valid += is_valid
    assert 100 < valid < 500


def leaves(value: dict[str, Any]) -> list[tuple[Any, str]]:
    """Every (object, key) of a leaf."""
    found: list[tuple[Any, str]] = []
    for key, child in value.items():
        if isinstance(child, dict):
            found += leaves(child)
        elif isinstance(child, list) and child and isinstance(child[0], dict):
            for row in child:
                found += leaves(row)
        else:
            found.append((value, key))
    return found


def drop_leaf(random: Random, document: dict[str, Any]) -> None:
    parent, key = random.choice(leaves(document))
    del parent[key]


def wrong_value(random: Random, document: dict[str, Any]) -> None:
    parent, key = random.choice(leaves(document))
    parent[key] = random.choice([5, " ", "?", True, None, ["US"], [], "2024-02-30", -0.5])


def flip_switch(random: Random, document: dict[str, Any]) -> None:
    section, key = random.choice(
        [
            ("personalInformation", "isDeceased"),
            ("taxInformation", "isUsPerson"),
            ("compliance", "isPep"),
        ]
    )
    document.setdefault(section, {})[key] = random.random() < 0.5


def other_item(random: Random, document: dict[str, Any]) -> None:
    section, key, item = random.choice(
        [
            ("employment", "employmentStatus", "EMPLOYED"),
            ("compliance", "kycRisk", "HIGH"),
            ("financialSituation", "sourcesOfWealth", ["SALARY", "INHERITANCE"]),
        ]
    )
    document.setdefault(section, {})[key] = item


def drop_section(random: Random, document: dict[str, Any]) -> None:
    document.pop(random.choice(list(VALID)), None)


def drop_row(random: Random, document: dict[str, Any]) -> None:
    rows = document.get("contactInformation", {}).get("addresses") or [{}]
    rows.pop()


EDITS: list[Callable[[Random, dict[str, Any]], None]] = [
    drop_leaf,
    wrong_value,
    flip_switch,
    other_item,
    drop_section,
    drop_row,
]
