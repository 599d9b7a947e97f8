"""The scripts of the schema editor say nothing that is not translated."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from crmschema.admin.texts import editor_texts

SCRIPTS = Path(__file__).parents[2] / "config" / "static" / "back_office" / "schema_editor"
COMPILER = Path(__file__).parents[2] / "crmschema" / "compiler"
CODES = re.compile(r'(?:add\([^")]+, |return )"([A-Z][a-z]+[A-Z][A-Za-z]+)"')
CALLS = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
PROPERTIES = re.compile(r'\b(?:label|help|title): "((?:[^"\\]|\\.)*)"')
TABLES = re.compile(
    r"const (?:TITLES|RULES|KINDS|COLUMNS|MESSAGES|ALIASES) = \{(.*?)\};", re.DOTALL
)
VALUES = re.compile(r':\s*"((?:[^"\\]|\\.)*)"')
HELPERS = re.compile(r'(?:button\("\w+"|line\(\w+), "([^"]*)"')


def said() -> set[str]:
    found: set[str] = set()
    for script in SCRIPTS.glob("*.js"):
        source = script.read_text()
        for pattern in (CALLS, PROPERTIES, HELPERS):
            found.update(pattern.findall(source))
        # The rules of values in `properties.js` are no texts, those of `impact.js` are.
        if script.name != "properties.js":
            for table in TABLES.findall(source):
                found.update(VALUES.findall(table))
    return {text.replace("\\\\", "\\") for text in found}


def test_every_text_of_the_scripts_is_in_the_catalogue():
    assert said() - editor_texts().keys() == set()


def test_every_problem_of_the_compiler_has_a_title():
    sources = [source.read_text() for source in COMPILER.glob("*.py")]
    codes = {code for source in sources for code in CODES.findall(source)}
    titles = (SCRIPTS / "problems.js").read_text()

    assert {"KeyInvalid", "ConditionScope", "TextTooLong"} <= codes
    assert {code for code in codes if f"{code}: " not in titles} == set()


@pytest.mark.parametrize("language", ["de", "fr"])
def test_placeholders_survive_translation(language):
    with override(language):
        texts = editor_texts()

    for text, translated in texts.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated))
    assert texts["What would change"] != "What would change"
