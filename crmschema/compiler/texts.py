"""Texts of a canonical component with their translations."""

from collections.abc import Mapping
from typing import Any

from crmschema.compiler.model import Text


def text_of(component: Mapping[str, Any], name: str) -> Text:  # Any: a JSON document
    """The component's text `name`, which must be there, with its translations."""
    return Text(component[name], _translations(component, name))


def optional_text_of(component: Mapping[str, Any], name: str) -> Text | None:  # Any: JSON
    """The component's text `name`, None when it has none in any language."""
    translations = _translations(component, name)
    if name not in component and not translations:
        return None
    return Text(component.get(name, ""), translations)


def label_of(component: Mapping[str, Any]) -> Text:  # Any: a JSON document
    """What a panel or field set shows as its heading, else the label (schema format, 2.1)."""
    shown = component.get("title") or component.get("legend") or component["label"]
    return Text(shown, _translations(component, "label"))


def _translations(component: Mapping[str, Any], name: str) -> dict[str, str]:  # Any: JSON
    i18n: Mapping[str, Mapping[str, str]] = component.get("crm", {}).get("i18n", {})
    return {language: texts[name] for language, texts in i18n.items() if name in texts}
