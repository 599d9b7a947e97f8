"""The canonical form of a component's own properties: a whitelist per type, without defaults."""

import re
from collections.abc import Callable
from typing import Any, Final

from crmschema.compiler.component_types import (
    COMMON_SWITCHES,
    COMMON_TEXTS,
    SWITCH_PROPERTIES,
    SWITCHES_ON_BY_DEFAULT,
    TEXT_PROPERTIES,
    ComponentType,
    Kind,
)
from crmschema.compiler.problems import Place, Problems
from crmschema.compiler.values import (
    as_count,
    as_date,
    as_default,
    as_number,
    as_scalar,
    as_switch,
    is_empty,
    is_plain_text,
)

_MAX_DECIMALS = 15
_CURRENCY = re.compile(r"[A-Z]{3}")
_STRING_TYPES: Final = frozenset({"string", "auto"})


class PropertyReader:
    """Reads the properties of one component into its canonical form."""

    def __init__(
        self,
        raw: dict[str, Any],  # Any: a JSON document
        place: Place,
        component_type: ComponentType,
        problems: Problems,
    ) -> None:
        self._raw, self._place, self._type, self._problems = raw, place, component_type, problems

    def read(self) -> dict[str, Any]:  # Any: a JSON document
        """All but identity, `crm`, `conditional` and children."""
        kept: dict[str, Any] = {"label": self._label()}  # Any: a JSON document
        for name in COMMON_TEXTS:
            self._keep(kept, name, _plain_text)
        for name in COMMON_SWITCHES:
            self._keep_switch(kept, name, is_on_by_default=self._is_on_by_default(name))
        for name in sorted(self._type.properties):
            self._keep_own(kept, name)
        if self._kept_value("multiple", as_switch):
            self._keep_multiple(kept)
        if self._type.name == "phoneNumber":
            kept.setdefault("inputMask", "")  # the builder's default mask is that of the USA
        kept |= _FIXED.get(self._type.name, {})
        if self._type.name in _SPECIAL:
            _SPECIAL[self._type.name](self, kept)
        rules = self._rules()
        if rules:
            kept["validate"] = rules
        return kept

    def _label(self) -> str:
        return self._kept_value("label", _plain_text) or str(self._raw.get("key", ""))

    def _is_on_by_default(self, name: str) -> bool:
        if name == "clearOnHide":
            return self._type.kind is not Kind.LAYOUT
        return name == "hideLabel" and self._type.kind is Kind.CONTAINER

    def _keep_own(self, kept: dict[str, Any], name: str) -> None:  # Any: a JSON document
        if name in TEXT_PROPERTIES:
            self._keep(kept, name, _plain_text)
        elif name in SWITCH_PROPERTIES:
            on = name in SWITCHES_ON_BY_DEFAULT
            self._keep_switch(kept, name, is_on_by_default=on)
        else:
            read = _OWN_READERS.get(name, as_scalar)
            self._keep(kept, name, read)

    def _keep_multiple(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        if self._type.can_be_multiple:
            kept["multiple"] = True
        else:
            message = f"A component of type {self._type.name} holds one value only."
            self._problems.add(self._place, "MultipleUnsupported", message)

    def _keep(
        self,
        kept: dict[str, Any],  # Any: a JSON document
        name: str,
        read: Callable[[Any], Any],  # Any: JSON values
    ) -> None:
        value = self._kept_value(name, read)
        if not is_empty(value):
            kept[name] = value

    def _keep_switch(
        self,
        kept: dict[str, Any],  # Any: a JSON document
        name: str,
        *,
        is_on_by_default: bool,
    ) -> None:
        value = self._kept_value(name, as_switch)
        if value is not None and value is not is_on_by_default:
            kept[name] = value

    def _kept_value(self, name: str, read: Callable[[Any], Any]) -> Any:  # Any: JSON values
        """The value, read; None when the builder left it empty or it is refused."""
        return self._read(name, self._raw.get(name), read)

    def _read(self, name: str, value: Any, read: Callable[[Any], Any]) -> Any:  # Any: JSON values
        if is_empty(value):
            return None
        try:
            return read(value)
        except ValueError as error:
            code = "TextForbidden" if isinstance(error, _MarkupError) else "PropertyInvalid"
            self._problems.add(self._place, code, f"“{name}” {error}.")
            return None

    def _rules(self) -> dict[str, Any]:  # Any: a JSON document
        raw = self._raw.get("validate")
        if not is_empty(raw) and not isinstance(raw, dict):
            self._problems.add(self._place, "PropertyInvalid", "“validate” must be an object.")
        rules = {}
        for name in sorted(self._type.rules):
            value = raw.get(name) if isinstance(raw, dict) else None
            canonical = self._read(f"validate.{name}", value, _RULE_READERS[name])
            if canonical is not None and canonical is not False:
                rules[name] = canonical
        return rules

    def refuse(self, name: str, reason: str) -> None:
        """Note that the property `name` has a value outside the dialect."""
        self._problems.add(self._place, "PropertyInvalid", f"“{name}” {reason}.")

    def require_one_of(self, name: str, allowed: frozenset[str]) -> None:
        """Note a problem unless the property is absent, empty or one of `allowed`."""
        value = self._raw.get(name)
        if not is_empty(value) and not (isinstance(value, str) and value in allowed):
            self.refuse(name, f"must be {' or '.join(sorted(allowed))}")

    def _select(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        self.require_one_of("dataSrc", frozenset({"values"}))
        self.require_one_of("dataType", _STRING_TYPES)

    def _radio(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        self.require_one_of("dataType", _STRING_TYPES)

    def _tags(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        self.require_one_of("storeas", frozenset({"array"}))

    def _checkbox(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        self.require_one_of("inputType", frozenset({"checkbox"}))
        if not is_empty(self._raw.get("name")):
            self.refuse("name", "would change the key of the value")
        if kept.get("defaultValue") is False:
            del kept["defaultValue"]

    def _currency(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        kept.setdefault("currency", "USD")
        kept.setdefault("decimalLimit", 2)

    def _datetime(self, kept: dict[str, Any]) -> None:  # Any: a JSON document
        if self._raw.get("enableDate") is False:
            self.refuse("enableDate", "must not be off; there is no type for a time of day")
        picker = self._raw.get("datePicker")
        bounds = {}
        for name in ("minDate", "maxDate"):
            value = picker.get(name) if isinstance(picker, dict) else None
            day = self._read(f"datePicker.{name}", value, as_date)
            if day is not None:
                bounds[name] = day
        if bounds:
            kept["datePicker"] = bounds


class _MarkupError(ValueError):
    """A text that a renderer would take for markup or a template."""


def _plain_text(value: Any) -> str:  # Any: a JSON value
    if not isinstance(value, str):
        raise ValueError("must be a text")
    if not is_plain_text(value):
        raise _MarkupError("must not contain “<” or “{{”")
    return value


def _raw_text(value: Any) -> str:  # Any: a JSON value
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value


def _currency_code(value: Any) -> str:  # Any: a JSON value
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise ValueError("must be an ISO 4217 code")
    return value


def _decimals(value: Any) -> int:  # Any: a JSON value
    return as_count(value, most=_MAX_DECIMALS)


def _positive(value: Any) -> int:  # Any: a JSON value
    return as_count(value, least=1)


def _at_most(value: Any) -> int | None:  # Any: a JSON value
    """A highest count; the builder's 0 means that there is none."""
    return as_count(value) or None


_OWN_READERS: Final[dict[str, Callable[[Any], Any]]] = {  # Any: JSON values
    "currency": _currency_code,
    "decimalLimit": _decimals,
    "defaultValue": as_default,
    "maxTags": _at_most,
}
_RULE_READERS: Final[dict[str, Callable[[Any], Any]]] = {  # Any: JSON values
    "required": as_switch,
    "integer": as_switch,
    "minLength": as_count,
    "maxLength": _positive,
    "pattern": _raw_text,
    "min": as_number,
    "max": as_number,
}
# What the CRM decides, whatever the builder says: values come from lists and stay texts.
_FIXED: Final[dict[str, dict[str, Any]]] = {  # Any: JSON documents
    "select": {"dataSrc": "values", "data": {"values": []}, "dataType": "string"},
    "radio": {"values": []},
    "tags": {"storeas": "array"},
    "container": {"tree": True},
    "datagrid": {"tree": True},
    "editgrid": {"tree": True},
}
_SPECIAL: Final[dict[str, Callable[[PropertyReader, dict[str, Any]], None]]] = {  # Any: JSON
    "select": PropertyReader._select,
    "radio": PropertyReader._radio,
    "tags": PropertyReader._tags,
    "checkbox": PropertyReader._checkbox,
    "currency": PropertyReader._currency,
    "datetime": PropertyReader._datetime,
}
