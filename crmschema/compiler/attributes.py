"""The canonical form of the `crm` object."""

import re
from typing import Any
from uuid import UUID

from crmschema.compiler.component_types import (
    COMMON_ATTRIBUTES,
    COMMON_FLAGS,
    FIELD_ATTRIBUTES,
    FIELD_FLAGS,
    TRANSLATED_TEXTS,
    Kind,
)
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.values import as_switch, is_empty, is_plain_text

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EVERYWHERE = COMMON_FLAGS | COMMON_ATTRIBUTES
_KNOWN = _EVERYWHERE | FIELD_FLAGS | FIELD_ATTRIBUTES
_OFF_BY_DEFAULT = FIELD_FLAGS | COMMON_FLAGS


class AttributeReader:
    """Reads the CRM attributes of the components of one schema."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def read(self, raw: Any, place: Place, kind: Kind) -> dict[str, Any]:  # Any: JSON
        """The attributes without builder noise and defaults, always with a `uid`, which is empty
        where the component has none yet.
        """
        if raw is not None and not isinstance(raw, dict):
            self._problems.add(place, "AttributeInvalid", "“crm” must be an object.")
            raw = None
        attributes = {"uid": self._uid((raw or {}).get("uid"), place)}
        for name, value in sorted((raw or {}).items()):
            if name not in _KNOWN:
                self._problems.add(place, "AttributeUnknown", f"“crm.{name[:64]}” is not known.")
            elif name != "uid" and not is_empty(value):
                self._read_one(name, value, place, kind, attributes)
        return attributes

    def _read_one(
        self,
        name: str,
        value: Any,  # Any: a JSON value
        place: Place,
        kind: Kind,
        attributes: dict[str, Any],  # Any: a JSON document
    ) -> None:
        try:
            canonical = self._value(name, value)
        except ValueError as error:
            self._problems.add(place, "AttributeInvalid", f"“crm.{name}” {error}.")
            return
        if is_empty(canonical):
            return
        if kind is not Kind.FIELD and name not in _EVERYWHERE:
            message = f"“crm.{name}” is for fields only."
            self._problems.add(place, "AttributeNotAllowed", message)
            return
        attributes[name] = canonical

    def _value(self, name: str, value: Any) -> Any:  # Any: JSON values
        """The value, None when it is the default."""
        if name in _OFF_BY_DEFAULT:
            return as_switch(value) or None
        if name == "isPersonalData":
            return None if as_switch(value) else False
        if name == "i18n":
            return translations_of(value)
        if not isinstance(value, str):
            raise ValueError("must be a text")
        return value

    def _uid(self, value: Any, place: Place) -> str:  # Any: a JSON value
        if is_empty(value):
            return ""
        try:
            return str(UUID(value))
        except (ValueError, TypeError, AttributeError):
            self._problems.add(place, "AttributeInvalid", "“crm.uid” must be a UUID.")
            return ""


def translations_of(value: Any) -> dict[str, dict[str, str]]:  # Any: a JSON value
    """`i18n` without empty texts. Raises ValueError when it is not texts by language."""
    if not isinstance(value, dict):
        raise ValueError("must be an object of texts by language")
    translations = {
        language: _texts(language, texts)
        for language, texts in sorted(value.items())
        if not is_empty(texts)
    }
    return {language: texts for language, texts in translations.items() if texts}


def _texts(language: str, texts: Any) -> dict[str, str]:  # Any: a JSON value
    if not _LANGUAGE.fullmatch(language) or not isinstance(texts, dict):
        raise ValueError("must hold an object of texts for each language tag")
    if not texts.keys() <= TRANSLATED_TEXTS:
        raise ValueError("holds a text that is not translated")
    for text in texts.values():
        if not is_empty(text) and not (isinstance(text, str) and is_plain_text(text)):
            raise ValueError("holds a text that is no plain text")
    return {name: text for name, text in texts.items() if not is_empty(text)}
