"""How long the texts of a component may be, when a schema is saved.

Only then: a version that was stored before there were limits compiles for as long as it is needed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from crmschema.compiler.drafts import Draft
from crmschema.compiler.problems import Place, Problems

_HEADING: Final = 200
_HELP: Final = 2_000

MAX_LENGTHS: Final = {
    "label": _HEADING,
    "title": _HEADING,
    "legend": _HEADING,
    "addAnother": _HEADING,
    "placeholder": 500,
    "tooltip": _HELP,
    "description": _HELP,
    "prefix": 50,
    "suffix": 50,
    "defaultValue": _HELP,
}
"""Characters of each text, in every language. A heading still fits into a table's column, a help
text on a screen.
"""
MAX_OTHER_LENGTH: Final = 200
"""The same for formats, masks, time zones and whatever else is a text of its own."""
MAX_COMPARED_LENGTH: Final = 2_000
MAX_DEFAULTS: Final = 100
MAX_LANGUAGES: Final = 50
MAX_TAG_LENGTH: Final = 35  # what every reader of BCP 47 must be able to hold

JsonObject = Mapping[str, Any]  # Any: JSON values


def check_texts(drafts: Iterable[Draft], problems: Problems) -> None:
    """Note every text that is too long, with its component, and initial values or languages that
    are too many. Keys, patterns, lists and paths have rules of their own.
    """
    for draft in drafts:
        _check_component(draft.component, draft.place, problems)
        check_texts(draft.children, problems)
        tabs = (
            draft.component["components"] if draft.type.name == "tabs" else [{}] * len(draft.panes)
        )
        for pane, canonical in zip(draft.panes, tabs, strict=True):
            _check_component(canonical, pane.place, problems)
            check_texts(pane.children, problems)


def _check_component(component: JsonObject, place: Place, problems: Problems) -> None:
    for name, text, most in _texts(component):
        if len(text) > most:
            message = f"“{name}” has {len(text):,} characters; {most:,} are possible."
            problems.add(place, "TextTooLong", message)
    defaults = component.get("defaultValue")
    if isinstance(defaults, list) and len(defaults) > MAX_DEFAULTS:
        message = f"“defaultValue” has {len(defaults):,} entries; {MAX_DEFAULTS} are possible."
        problems.add(place, "PropertyInvalid", message)
    languages = len(_translations(component))
    if languages > MAX_LANGUAGES:
        message = f"“crm.i18n” has {languages:,} languages; {MAX_LANGUAGES} are possible."
        problems.add(place, "AttributeInvalid", message)


def _texts(component: JsonObject) -> Iterator[tuple[str, str, int]]:
    """Each text with its name and how long it may be."""
    for name, value in component.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield name, text, MAX_LENGTHS.get(name, MAX_OTHER_LENGTH)
    if "conditional" in component:
        yield "conditional.eq", component["conditional"]["eq"], MAX_COMPARED_LENGTH
    for language, texts in _translations(component).items():
        name = f"crm.i18n.{language[:MAX_TAG_LENGTH]}"
        yield name, language, MAX_TAG_LENGTH
        for translated, text in texts.items():
            yield f"{name}.{translated}", text, MAX_LENGTHS[translated]


def _translations(component: JsonObject) -> Mapping[str, Mapping[str, str]]:
    translations: Mapping[str, Mapping[str, str]] = component.get("crm", {}).get("i18n", {})
    return translations
