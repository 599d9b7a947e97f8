"""What the compiler says of a draft is read in the language of the page."""

import json
import re
from typing import Any

import pytest
from django.utils.translation import override

from crmschema.admin.problem_texts import problem_text
from crmschema.compiler import compile_schema
from crmschema.exceptions import SchemaInvalid

FIELD: dict[str, Any] = {"type": "textfield", "key": "motto", "label": "Motto"}  # Any: JSON values
DRAFTS = (
    "no JSON",
    "{}",
    {"display": "wizard"},
    {"components": [7]},
    {"components": [{"type": "tree", "key": "tree", "label": "Tree"}]},
    *(
        {"components": [{**FIELD, **more}]}
        for more in (
            {"key": "1st"},
            {"key": "id"},
            {"label": "<b>"},
            {"label": 7},
            {"hidden": "often"},
            {"calculateValue": "value = 1"},
            {"validate": 7},
            {"validate": {"pattern": "(?=x)"}},
            {"validate": {"pattern": "(a"}},
            {"validate": {"pattern": "\\d"}},
            {"validate": {"minLength": 5, "maxLength": 2}},
            {"validate": {"required": "often"}},
            {"validate": {"maxLength": -1}},
            {"conditional": 7},
            {"conditional": {"show": "often", "when": "a", "eq": "b"}},
            {"conditional": {"show": True, "when": "nothing", "eq": "b"}},
            {"conditional": {"show": True, "when": "motto", "eq": "b"}},
            {"crm": 7},
            {"crm": {"unheard": True}},
            {"crm": {"alias": "Nothing"}},
            {"crm": {"alias": "PrimaryEmail"}},
            {"crm": {"listKey": "colours"}},
            {"crm": {"uid": "x"}},
            {"crm": {"i18n": 7}},
            {"crm": {"isReadOnly": "often"}},
            {"crm": {"isVerificationRequired": True}},
            {"type": "select"},
            {"type": "select", "crm": {"listKey": "nothing"}},
            {"type": "columns", "columns": 7},
        )
    ),
    {"components": [FIELD, FIELD]},
)


def said(draft: object) -> list[str]:
    schema = draft if isinstance(draft, str) else json.dumps({"display": "form", **draft})
    with pytest.raises(SchemaInvalid) as refusal:
        compile_schema(key="tiny", token=1, schema=schema, lists={})
    return [error["message"] for error in refusal.value.properties["errors"]]


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("language", ["de", "fr"])
def test_s3_a_problem_is_told_in_the_language_of_the_page(draft, language):
    for message in said(draft):
        with override("en"):
            assert problem_text(message) == message
        with override(language):
            assert problem_text(message) != message


def test_what_a_problem_names_stays():
    with override("de"):
        text = problem_text("“validate.maxLength” must be a whole number from 0 to 100,000.")

    assert re.findall(r"[\w.,]*\d[\w,]*|validate\.\w+", text) == [
        "validate.maxLength",
        "0",
        "100,000",
    ]


def test_an_unknown_sentence_stays_as_it_is():
    with override("fr"):
        assert problem_text("Something new.") == "Something new."
