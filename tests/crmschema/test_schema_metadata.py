"""Metadata in the contract's shape (schema format, 7)."""

from typing import Any

import jsonschema
import pytest
import yaml
from schema_builders import DEMO, ROOT, compiled, component, demo_lists, select, shown_when

from crmschema.compiler import compile_schema
from crmschema.compiler.metadata import fields_metadata, layout_metadata
from crmschema.compiler.model import CompiledSchema


@pytest.fixture(scope="module")
def contact() -> CompiledSchema:
    text = (DEMO / "contact.json").read_text()
    return compile_schema(key="contact", token=1, schema=text, lists=demo_lists())


def field_of(schema: CompiledSchema, path: str, language: str = "en") -> dict[str, Any]:
    [field] = fields_metadata(schema, language, field_keys=[path])["fields"]
    result: dict[str, Any] = field
    return result


def test_metadata_has_the_contracts_shape(contact: CompiledSchema) -> None:
    document = yaml.safe_load((ROOT / "tests" / "contract" / "openapi.yaml").read_text())
    for name, metadata in (
        ("FieldsMetadata", fields_metadata(contact, "de")),
        ("LayoutMetadata", layout_metadata(contact, "de")),
    ):
        shape = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema.Draft202012Validator(shape).validate(metadata)
        item = document["components"]["schemas"][name]["properties"]["fields"]["items"]
        assert metadata["fields"][0].keys() == item["properties"].keys()


def test_field_of_a_list_in_a_grid(contact: CompiledSchema) -> None:
    assert field_of(contact, "contactInformation.addresses.state", "de") == {
        "key": "contactInformation.addresses.state",
        "label": "Bundesstaat",
        "fieldType": "List",
        "listKey": "states",
        "listHierarchyFilterKey": "contactInformation.addresses.country",
        "isReadOnly": False,
        "isArrayItem": True,
        "tooltip": None,
        "layoutPath": [
            {"label": "Kontaktdaten", "key": "contactInformationSection"},
            {"label": "Kontaktdaten", "key": "contactInformation"},
            {"label": "Adressen", "key": "contactInformation.addresses"},
        ],
        "placeholder": None,
        "isRequired": True,
        "isApprovalRequired": False,
        "isHidden": True,
        "toggleHidden": {"when": "contactInformation.addresses.country", "eq": "US"},
        "validations": {
            "minLength": None,
            "maxLength": None,
            "regularExpression": None,
            "minDate": None,
            "maxDate": None,
            "minValue": None,
            "maxValue": None,
            "decimal": None,
        },
        "currency": None,
        "alias": None,
    }


def test_texts_fall_back_to_the_default_language(contact: CompiledSchema) -> None:
    english = field_of(contact, "contactInformation.primaryEmail", "it")
    german = field_of(contact, "contactInformation.primaryEmail", "de")

    assert (english["label"], english["placeholder"]) == ("Primary e-mail", "name@example.com")
    assert (german["label"], german["placeholder"]) == ("Primäre E-Mail", "name@beispiel.ch")
    assert german["alias"] == "PrimaryEmail"


def test_validations_of_each_kind(contact: CompiledSchema) -> None:
    birth = field_of(contact, "personalInformation.dateOfBirth")["validations"]
    code = field_of(contact, "contactInformation.addresses.postalCode")["validations"]
    income = field_of(contact, "financialSituation.annualIncome")
    years = field_of(contact, "financialSituation.investmentHorizonYears")["validations"]

    assert birth["minDate"] == "1900-01-01T00:00:00Z"
    assert birth["maxDate"] == "2099-12-31T00:00:00Z"
    assert code["maxLength"] == 12
    assert code["regularExpression"] == "^(?:[A-Z0-9][A-Z0-9 -]{1,10})$"
    assert (income["currency"], income["validations"]["decimal"]) == ("CHF", 2)
    assert (years["minValue"], years["maxValue"], years["decimal"]) == (0, 60, 0)


def test_filters(contact: CompiledSchema) -> None:
    def keys(**filters: Any) -> list[str]:
        return [field["key"] for field in fields_metadata(contact, "en", **filters)["fields"]]

    every = keys()
    assert len(every) == 49
    assert keys(field_keys=[]) == every
    assert keys(field_keys=["nowhere", "compliance.isPep"]) == ["compliance.isPep"]
    assert keys(layout_path_key="pepDetails") == [
        "compliance.pepFunction",
        "compliance.pepExplanation",
    ]
    assert keys(layout_path_key="pepDetails", field_keys=["compliance.isPep"]) == []


def test_columns_are_left_out_of_layout_paths_but_listed(contact: CompiledSchema) -> None:
    name = field_of(contact, "personalInformation.firstName")
    layout = {element["key"]: element for element in layout_metadata(contact, "en")["fields"]}

    assert [step["key"] for step in name["layoutPath"]] == [
        "personalInformationSection",
        "personalInformation",
        "nameColumns.1",
    ]
    assert layout["nameColumns"]["parentKey"] == "personalInformation"
    assert layout["nameColumns.1"] == {
        "key": "nameColumns.1",
        "label": "",
        "fieldType": "Column",
        "parentKey": "nameColumns",
        "tooltip": None,
        "isLabelHidden": True,
        "isHidden": False,
        "toggleHidden": None,
    }
    assert layout["personalInformation"]["isLabelHidden"] is True
    assert layout["contactInformation.addresses"]["fieldType"] == "DataGrid"
    assert layout["contactInformation.addresses"]["isLabelHidden"] is False


@pytest.mark.parametrize(
    ("properties", "is_hidden", "toggle"),
    [
        ({}, False, None),
        ({"hidden": True}, True, None),
        ({"conditional": shown_when("on", "true")}, True, {"when": "on", "eq": "true"}),
        (
            {"conditional": shown_when("on", "true", show=False)},
            False,
            {"when": "on", "eq": "true"},
        ),
    ],
)
def test_visibility_of_fields_and_layouts(
    properties: dict[str, Any], is_hidden: bool, toggle: dict[str, str] | None
) -> None:
    schema = compiled(
        component("checkbox", "on"),
        select("a", **properties),
        component("well", "w", tooltip="Help", components=[], **properties),
    )

    field = field_of(schema, "a")
    [element] = layout_metadata(schema, "en")["fields"]
    assert (field["isHidden"], field["toggleHidden"]) == (is_hidden, toggle)
    assert (element["isHidden"], element["toggleHidden"]) == (is_hidden, toggle)
    assert element["tooltip"] == "Help"


def test_text_that_is_only_translated_is_missing_in_the_default_language() -> None:
    crm = {"i18n": {"de": {"tooltip": "Hilfe"}}}
    schema = compiled(component("textfield", "a", crm=crm))

    assert field_of(schema, "a")["tooltip"] is None
    assert field_of(schema, "a", "de")["tooltip"] == "Hilfe"
