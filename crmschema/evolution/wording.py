"""Differences between versions of a schema in words, in the languages of the back office."""

from typing import Any, Final

from django.utils.translation import gettext, gettext_noop, override

from crmschema.evolution.model import ChangeKind, SchemaChange, Value

_PLAIN: Final = {
    ChangeKind.REMOVED: gettext_noop("removed"),
    ChangeKind.REVIVED: gettext_noop(
        "stands where another one was removed; what is still stored there counts again"
    ),
    ChangeKind.CONDITION: gettext_noop("is shown under another condition"),
    ChangeKind.TEXTS: gettext_noop("label or help texts changed"),
    ChangeKind.ORDER: gettext_noop("The order of the fields changed"),
    ChangeKind.LAYOUT: gettext_noop("The layout changed"),
}
_FROM_TO: Final = {
    ChangeKind.RENAMED: gettext_noop("key changed from %(before)s to %(after)s"),
    ChangeKind.MOVED: gettext_noop("moved from %(before)s to %(after)s"),
    ChangeKind.RETYPED: gettext_noop("type changed from %(before)s to %(after)s"),
    ChangeKind.LIST: gettext_noop("list changed from %(before)s to %(after)s"),
    ChangeKind.CURRENCY: gettext_noop("currency changed from %(before)s to %(after)s"),
}
_SWITCHED: Final = {
    ChangeKind.ADDED: (gettext_noop("added"), gettext_noop("added, required")),
    ChangeKind.REQUIRED: (gettext_noop("is no longer required"), gettext_noop("is now required")),
}
_NAMES: Final = {
    "minLength": gettext_noop("shortest length"),
    "maxLength": gettext_noop("greatest length"),
    "minValue": gettext_noop("smallest value"),
    "maxValue": gettext_noop("greatest value"),
    "minDate": gettext_noop("earliest date"),
    "maxDate": gettext_noop("latest date"),
    "maxItems": gettext_noop("greatest number of entries"),
    "decimal": gettext_noop("decimal places"),
    "pattern": gettext_noop("pattern"),
    "minRows": gettext_noop("least number of rows"),
    "maxRows": gettext_noop("greatest number of rows"),
    "isExportable": gettext_noop("export"),
    "isReadOnly": gettext_noop("read-only"),
    "isApprovalRequired": gettext_noop("approval"),
    "isVerificationRequired": gettext_noop("verification"),
    "isPersonalData": gettext_noop("personal data"),
    "isFilterable": gettext_noop("fast filters"),
    "isHidden": gettext_noop("hidden"),
    "clearOnHide": gettext_noop("value removed when hidden"),
}
_KIND_NAMES: Final = {
    ChangeKind.HIERARCHY: gettext_noop("field of the parent list"),
    ChangeKind.ALIAS: gettext_noop("alias"),
}


def change_text(change: SchemaChange, language: str) -> str:
    """“Field First name: is now required”. Labels are in `language` too, keys and values as they
    are; a pattern is shown as it is written.
    """
    with override(language):
        difference = _difference(change)
        if not change.path:
            return difference
        what = gettext("Grid %(label)s: %(difference)s")
        if not change.is_grid:
            what = gettext("Field %(label)s: %(difference)s")
        return what % {"label": change.label.in_language(language), "difference": difference}


def _difference(change: SchemaChange) -> str:
    if change.kind in _PLAIN:
        return gettext(_PLAIN[change.kind])
    values = {"before": _shown(change.before), "after": _shown(change.after)}
    if change.kind in _FROM_TO:
        return gettext(_FROM_TO[change.kind]) % values
    if change.kind in _SWITCHED:
        return gettext(_SWITCHED[change.kind][bool(change.after)])
    name = gettext(_KIND_NAMES.get(change.kind) or _NAMES[change.attribute or ""])
    if change.kind is ChangeKind.FLAG:
        switch = (
            gettext("%(name)s switched on") if change.after else gettext("%(name)s switched off")
        )
        return switch % {"name": name}
    return _set(change) % {"name": name, **values}


def _set(change: SchemaChange) -> str:
    if change.before is None:
        return gettext("%(name)s is now %(after)s")
    if change.after is None:
        return gettext("%(name)s is no longer set (was %(before)s)")
    return gettext("%(name)s changed from %(before)s to %(after)s")


def _shown(value: Value) -> str:
    return "–" if value is None else str(value)


def change_output(change: SchemaChange, language: str) -> dict[str, Any]:  # Any: JSON values
    """A change as answers show it."""
    return {
        "path": change.path,
        "previousPath": change.previous_path,
        "kind": change.kind.value,
        "effect": change.effect.value,
        "attribute": change.attribute,
        "before": change.before,
        "after": change.after,
        "text": change_text(change, language),
    }
