"""Makes a `Field` of a canonical field component."""

from datetime import date
from typing import Any, Final

from crmschema.compiler.drafts import Draft
from crmschema.compiler.model import Alias, Field, FieldType
from crmschema.compiler.patterns import PatternError, anchored
from crmschema.compiler.problems import Problems
from crmschema.compiler.scope import Scope
from crmschema.compiler.texts import label_of, optional_text_of

_PLAIN_TYPES: Final = {
    "checkbox": FieldType.BOOLEAN,
    "textfield": FieldType.TEXT,
    "textarea": FieldType.TEXT_AREA,
    "email": FieldType.EMAIL,
    "url": FieldType.URL,
    "phoneNumber": FieldType.PHONE,
    "currency": FieldType.CURRENCY,
    "radio": FieldType.LIST,
    "tags": FieldType.ARRAY,
}
_LIST_TYPES: Final = frozenset({FieldType.LIST, FieldType.MULTI_LIST})


def field_of(draft: Draft, scope: Scope, problems: Problems) -> Field:
    """The field, with the effective flags of its scope; its own contradictions are noted."""
    field_type = _field_type(draft.component)
    _check_attributes(draft, field_type, problems)
    crm, rules, component = draft.crm, draft.rules, draft.component
    picker = component.get("datePicker", {})
    field = Field(
        path=scope.path_of(draft.key),
        key=draft.key,
        uid=crm["uid"],
        type=field_type,
        label=label_of(component),
        tooltip=optional_text_of(component, "tooltip"),
        placeholder=optional_text_of(component, "placeholder"),
        layout_path=scope.layout_path,
        grid=scope.grid,
        conditions=scope.conditions_with(draft.condition),
        own_condition=draft.condition,
        list_key=crm.get("listKey"),
        list_hierarchy_path=crm.get("listHierarchyFilterKey"),
        currency=component.get("currency"),
        decimals=_decimals(draft, field_type),
        min_length=rules.get("minLength"),
        max_length=rules.get("maxLength"),
        pattern=_pattern(draft, problems),
        minimum=rules.get("min"),
        maximum=rules.get("max"),
        min_date=_day(picker.get("minDate")),
        max_date=_day(picker.get("maxDate")),
        max_items=component.get("maxTags"),
        is_required=bool(rules.get("required")),
        is_read_only=scope.is_read_only or draft.is_on("isReadOnly"),
        is_approval_required=scope.is_approval_required or draft.is_on("isApprovalRequired"),
        is_exportable=draft.is_on("isExportable"),
        is_verification_required=draft.is_on("isVerificationRequired"),
        is_personal_data=crm.get("isPersonalData", True),
        is_filterable=draft.is_on("isFilterable"),
        is_hidden=scope.is_hidden or draft.is_on("hidden"),
        clear_on_hide=scope.clear_on_hide and component.get("clearOnHide", True),
        alias=_alias(draft, problems),
    )
    _check_ranges(field, draft, problems)
    return field


def _field_type(component: dict[str, Any]) -> FieldType:  # Any: a JSON document
    name, is_multiple = component["type"], component.get("multiple", False)
    if name == "select":
        return FieldType.MULTI_LIST if is_multiple else FieldType.LIST
    if name == "datetime":
        return FieldType.DATE_TIME if component.get("enableTime", True) else FieldType.DATE
    if name == "number":
        if component["crm"].get("fieldType") == FieldType.PERCENT:
            return FieldType.PERCENT
        return FieldType.INTEGER if _is_whole(component) else FieldType.DECIMAL
    return FieldType.ARRAY if is_multiple else _PLAIN_TYPES[name]


def _is_whole(component: dict[str, Any]) -> bool:  # Any: a JSON document
    is_integer = component.get("validate", {}).get("integer", False)
    return is_integer or component.get("decimalLimit") == 0


def _decimals(draft: Draft, field_type: FieldType) -> int | None:
    if field_type is FieldType.INTEGER or _is_whole(draft.component):
        return 0
    decimals: int | None = draft.component.get("decimalLimit")
    return decimals


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _pattern(draft: Draft, problems: Problems) -> str | None:
    pattern: str | None = draft.rules.get("pattern")
    if pattern is not None:
        try:
            anchored(pattern)
        except PatternError as error:
            problems.add(draft.place, "PatternInvalid", str(error))
    return pattern


def _alias(draft: Draft, problems: Problems) -> Alias | None:
    name = draft.crm.get("alias")
    if name is None:
        return None
    try:
        return Alias(name)
    except ValueError:
        known = ", ".join(sorted(Alias))
        problems.add(draft.place, "AliasUnknown", f"The alias must be one of {known}.")
        return None


def _check_attributes(draft: Draft, field_type: FieldType, problems: Problems) -> None:
    """Attributes that need a certain type of field."""
    crm = draft.crm
    if "fieldType" in crm and (crm["fieldType"], draft.type.name) != ("Percent", "number"):
        message = "“crm.fieldType” can only be Percent, and only of a number."
        problems.add(draft.place, "AttributeInvalid", message)
    if field_type in _LIST_TYPES:
        if "listKey" not in crm:
            problems.add(draft.place, "ListMissing", "“crm.listKey” must name a list.")
        return
    for name in ("listKey", "listHierarchyFilterKey"):
        if name in crm:
            message = f"“crm.{name}” is for lists only."
            problems.add(draft.place, "AttributeNotAllowed", message)


def _check_ranges(field: Field, draft: Draft, problems: Problems) -> None:
    ranges = (
        ("length", field.min_length, field.max_length),
        ("value", field.minimum, field.maximum),
        ("date", field.min_date, field.max_date),
    )
    for name, low, high in ranges:
        if low is not None and high is not None and low > high:  # type: ignore[operator]  # pairs of one type
            message = f"The least {name} lies above the greatest."
            problems.add(draft.place, "RangeInvalid", message)
