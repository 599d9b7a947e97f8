"""S3: what a schema is refused for, each with component path and code, all at once."""

from typing import Any

import pytest
from schema_builders import (
    codes_of,
    component,
    select,
    shown_when,
)

TEXT = component("textfield", "a")
FIRST = "components[0]"


def text(key: str, **properties: Any) -> dict[str, Any]:
    return component("textfield", key, **properties)


def grid(key: str, *components: Any, **properties: Any) -> dict[str, Any]:
    return component("datagrid", key, components=list(components), **properties)


SINGLE: list[tuple[Any, str]] = [
    ("no object", "PropertyInvalid"),
    (component("selectboxes", "a"), "TypeUnsupported"),
    (component("day", "a"), "TypeUnsupported"),
    (component("file", "a"), "TypeUnsupported"),
    (component("address", "a"), "TypeUnsupported"),
    (component("htmlelement", "a"), "TypeUnsupported"),
    (component("button", "a"), "TypeUnsupported"),
    ({"key": "a"}, "TypeUnsupported"),
    ({"key": "a", "type": 5}, "TypeUnsupported"),
    (text("a.b"), "KeyInvalid"),
    (text("A"), "KeyInvalid"),
    (text("a-b"), "KeyInvalid"),
    (text("a\n"), "KeyInvalid"),
    (text("a" * 65), "KeyInvalid"),
    ({"type": "textfield"}, "KeyInvalid"),
    (text("and"), "KeyReserved"),
    (text("id"), "KeyReserved"),
    (text("username"), "KeyReserved"),
    (text("a", customConditional="show = true"), "ScriptForbidden"),
    (text("a", customDefaultValue="value = 1"), "ScriptForbidden"),
    (text("a", calculateValue={"var": "x"}), "ScriptForbidden"),
    (text("a", logic=[{"name": "x"}]), "ScriptForbidden"),
    (text("a", validate={"custom": "valid = true"}), "ScriptForbidden"),
    (text("a", validate={"json": {"==": [1, 1]}}), "ScriptForbidden"),
    (text("a", conditional={"json": {"var": "x"}}), "ScriptForbidden"),
    (select("a", template="<b>{{ item.label }}</b>"), "ScriptForbidden"),
    (select("a", data={"custom": "values = []"}), "ScriptForbidden"),
    (component("datetime", "a", datePicker={"disableFunction": "x"}), "ScriptForbidden"),
    (text("a", **{"$ref": "http://127.0.0.1:9/x"}), "ReferenceForbidden"),
    (text("a", validate={"x": [{"$ref": "#"}]}), "ReferenceForbidden"),
    (component("columns", "a", columns=[{"$ref": "#"}]), "ReferenceForbidden"),
    (text("a", tooltip="<b>x</b>"), "TextForbidden"),
    (text("a", placeholder="{{ x }}"), "TextForbidden"),
    (component("panel", "a", title="<i>"), "TextForbidden"),
    (component("tabs", "a", components=[{"key": "t", "label": "<i>"}]), "TextForbidden"),
    (component("tabs", "a", components=[{"key": "t"}]), "TextForbidden"),
    (text("a", tooltip=5), "PropertyInvalid"),
    (text("a", hidden="yes"), "PropertyInvalid"),
    (text("a", case={"x": 1}), "PropertyInvalid"),
    (text("a", case="<"), "PropertyInvalid"),
    (text("a", defaultValue=[{"x": 1}]), "PropertyInvalid"),
    (text("a", validate=[1]), "PropertyInvalid"),
    (text("a", validate={"minLength": -1}), "PropertyInvalid"),
    (text("a", validate={"maxLength": 0}), "PropertyInvalid"),
    (text("a", validate={"maxLength": 1.5}), "PropertyInvalid"),
    (text("a", validate={"maxLength": "many"}), "PropertyInvalid"),
    (text("a", validate={"required": "true"}), "PropertyInvalid"),
    (text("a", validate={"pattern": 5}), "PropertyInvalid"),
    (component("number", "a", validate={"min": True}), "PropertyInvalid"),
    (component("number", "a", decimalLimit=-1), "PropertyInvalid"),
    (component("currency", "a", currency="Franken"), "PropertyInvalid"),
    (component("currency", "a", currency=5), "PropertyInvalid"),
    (component("checkbox", "a", inputType="radio"), "PropertyInvalid"),
    (component("checkbox", "a", name="b"), "PropertyInvalid"),
    (component("tags", "a", storeas="string"), "PropertyInvalid"),
    (select("a", dataSrc="url"), "PropertyInvalid"),
    (select("a", dataType="number"), "PropertyInvalid"),
    (component("radio", "a", dataType="boolean", crm={"listKey": "colours"}), "PropertyInvalid"),
    (component("datetime", "a", enableDate=False), "PropertyInvalid"),
    (component("datetime", "a", datePicker={"minDate": "moment()"}), "PropertyInvalid"),
    (component("datetime", "a", datePicker={"maxDate": "2023-02-30"}), "PropertyInvalid"),
    (component("datetime", "a", datePicker={"maxDate": 5}), "PropertyInvalid"),
    (component("panel", "a", components={}), ""),
    (component("panel", "a", components="x"), "PropertyInvalid"),
    (component("columns", "a", columns=["x"]), "PropertyInvalid"),
    (component("table", "a", rows=["x"]), "PropertyInvalid"),
    (component("table", "a", rows=[["x"]]), "PropertyInvalid"),
    (component("tabs", "a", components=["x"]), "PropertyInvalid"),
    (component("tabs", "a", components=[{"key": "t", "label": "T", "crm": 5}]), "AttributeInvalid"),
    (
        component("tabs", "a", components=[{"key": "t", "label": "T", "crm": {"alias": "x"}}]),
        "AttributeInvalid",
    ),
    (component("tabs", "a", components=[{"key": "T", "label": "T"}]), "KeyInvalid"),
    (component("email", "a", multiple=True), "MultipleUnsupported"),
    (text("a", crm="x"), "AttributeInvalid"),
    (text("a", crm={"colour": ""}), "AttributeUnknown"),
    (text("a", crm={"uid": "x"}), "AttributeInvalid"),
    (text("a", crm={"uid": 5}), "AttributeInvalid"),
    (text("a", crm={"isReadOnly": "yes"}), "AttributeInvalid"),
    (text("a", crm={"isPersonalData": 0}), "AttributeInvalid"),
    (text("a", crm={"alias": 5}), "AttributeInvalid"),
    (text("a", crm={"i18n": "de"}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"de": "x"}}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"Deutsch!": {"label": "x"}}}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"de": {"title": "x"}}}), "AttributeInvalid"),
    (text("a", crm={"i18n": {"de": {"label": "<x>"}}}), "AttributeInvalid"),
    (text("a", crm={"fieldType": "Percent"}), "AttributeInvalid"),
    (component("number", "a", crm={"fieldType": "Date"}), "AttributeInvalid"),
    (component("panel", "a", crm={"isExportable": True}), "AttributeNotAllowed"),
    (component("container", "a", crm={"alias": "FirstName"}), "AttributeNotAllowed"),
    (text("a", crm={"listKey": "colours"}), "AttributeNotAllowed"),
    (text("a", crm={"listHierarchyFilterKey": "b"}), "AttributeNotAllowed"),
    (component("select", "a"), "ListMissing"),
    (select("a", "unknown"), "ListUnknown"),
    (text("a", crm={"alias": "Nickname"}), "AliasUnknown"),
    (text("a", crm={"alias": "PrimaryEmail"}), "AliasType"),
    (text("a", crm={"isVerificationRequired": True}), "VerificationNotAllowed"),
    (select("a", "shades", crm={"listHierarchyFilterKey": "nowhere"}), "HierarchyInvalid"),
    (select("a", "shades", crm={"listHierarchyFilterKey": "a"}), "HierarchyInvalid"),
    (text("a", validate={"minLength": 3, "maxLength": 2}), "RangeInvalid"),
    (component("number", "a", validate={"min": 3, "max": 2}), "RangeInvalid"),
    (
        component("datetime", "a", datePicker={"minDate": "2024-01-02", "maxDate": "2024-01-01"}),
        "RangeInvalid",
    ),
    (grid("a", validate={"minLength": 3, "maxLength": 2}), "RangeInvalid"),
    (text("a", validate={"pattern": "(?=x)"}), "PatternInvalid"),
    (text("a", conditional="x"), "ConditionInvalid"),
    (text("a", conditional=shown_when("b", "")), "ConditionInvalid"),
    (text("a", conditional=shown_when("b", {})), "ConditionInvalid"),
    (text("a", conditional={"show": None, "when": "b", "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": "", "when": "b", "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": "yes", "when": "b", "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "when": 5, "eq": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "conditions": "x"}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "conditions": [1, 2]}), "ConditionInvalid"),
    (text("a", conditional={"show": True, "conditions": [1]}), "ConditionInvalid"),
    (
        text("a", conditional={"show": True, "conditions": [{"operator": "isEmpty"}]}),
        "ConditionInvalid",
    ),
    (text("a", conditional=shown_when("nowhere", "x")), "ConditionUnknownField"),
    (text("a", conditional=shown_when("a", "x")), "ConditionCycle"),
]


@pytest.mark.parametrize(("raw", "code"), SINGLE)
def test_s3_single_component_is_refused_with_its_path(raw: Any, code: str) -> None:
    found = codes_of(raw)

    if not code:
        assert found == []
        return
    assert [found_code for _path, found_code in found] == [code]
    assert found[0][0].startswith(FIRST)
