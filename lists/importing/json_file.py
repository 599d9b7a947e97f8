"""JSON: an array of items, or an object with `items`."""

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.common.exceptions import BadRequest
from config.common.json import parse_strict
from lists.exceptions import ListFileInvalid
from lists.importing.rows import Decoded, ImportRow, Refusal, require_row_count

_MEMBERS = {
    "labels": "labels",
    "parent": "parent",
    "position": "position",
    "isActive": "is_active",
    "customAttributes": "custom_attributes",
}
_MAX_POSITION = 999_999_999
_MAX_NAME = 64
_PLACE = re.compile(r"\(line (?P<line>[0-9]+), column (?P<column>[0-9]+)\)")


def decode_json(text: str) -> Decoded:
    """The entries of a JSON text. Raises ListFileInvalid for what is no array of items."""
    try:
        data = parse_strict(text.encode())
    except BadRequest as error:
        raise ListFileInvalid(_unreadable(error)) from None
    entries = data.get("items") if isinstance(data, dict) else data
    if not isinstance(entries, list):
        raise ListFileInvalid("The file is neither an array of items nor an object with “items”.")
    require_row_count(len(entries))
    decoded = Decoded([], [])
    for number, entry in enumerate(entries, start=1):
        reason = _problem(entry)
        if reason is None:
            decoded.rows.append(_row(number, entry))
        else:
            key = entry.get("key") if isinstance(entry, dict) else None
            shown = key[:_MAX_NAME] if isinstance(key, str) else ""
            decoded.refusals.append(Refusal(number, shown, reason))
    return decoded


def _unreadable(error: BadRequest) -> str:
    """Why a text is no JSON, by the place in it, never by a value."""
    place = _PLACE.search(error.message)
    if place is None:
        return gettext("The JSON is nested too deep, names a member twice or holds a wrong number.")
    text = gettext("The file is not valid JSON (line %(line)s, column %(column)s).")
    return text % place.groupdict()


def _row(number: int, entry: dict[str, Any]) -> ImportRow:  # Any: JSON values
    values = {place: entry[name] for name, place in _MEMBERS.items() if name in entry}
    for place in ("labels", "position", "is_active"):
        if values.get(place, True) is None:
            del values[place]
    return ImportRow(number, entry["key"], values)


def _problem(entry: Any) -> Any:  # Any: a JSON value; a lazy text or None
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
        return _("The entry is no object with a key.")
    if entry.keys() - _MEMBERS.keys() - {"key"}:
        return _("The entry has a member that is not known.")
    checks = (
        ("labels", _is_labels, _("The labels are no texts by language.")),
        ("parent", _is_text, _("The parent is no text.")),
        ("position", _is_position, _("The position is not a whole number from 0.")),
        ("isActive", _is_flag, _("“isActive” is neither true nor false.")),
        ("customAttributes", _is_object, _("The custom attributes are no object.")),
    )
    for name, is_right, reason in checks:
        value = entry.get(name)
        if value is not None and not is_right(value):
            return reason
    return None


def _is_labels(value: object) -> bool:
    return isinstance(value, dict) and all(
        label is None or isinstance(label, str) for label in value.values()
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_position(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MAX_POSITION


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
