"""The component types of the dialect and which properties the canonical form keeps of each."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from crmschema.compiler.model import LayoutType


class Kind(Enum):
    """What a component means for the data."""

    FIELD = "field"
    CONTAINER = "container"
    GRID = "grid"
    LAYOUT = "layout"


@dataclass(frozen=True, slots=True)
class ComponentType:
    """One type: its own scalar properties and rules, beside what all components may have.

    `panes` names the property that holds panes, for layouts that have no children of their own.
    """

    name: str
    kind: Kind
    layout: LayoutType | None = None
    properties: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    can_be_multiple: bool = False
    panes: str | None = None


_TEXT_RULES = frozenset({"required", "minLength", "maxLength", "pattern"})
_NUMBER_RULES = frozenset({"required", "min", "max"})
_NUMBER = frozenset({"decimalLimit", "requireDecimal", "delimiter", "prefix", "suffix"})
_ROWS = frozenset({"required", "minLength", "maxLength"})
_GRID = frozenset({"tree", "initEmpty", "addAnother"})


def _field(
    name: str, properties: frozenset[str], rules: frozenset[str], *, can_be_multiple: bool = False
) -> ComponentType:
    return ComponentType(
        name,
        Kind.FIELD,
        properties=properties | {"defaultValue"},
        rules=rules,
        can_be_multiple=can_be_multiple,
    )


def _layout(
    name: str, layout: LayoutType, *properties: str, panes: str | None = None
) -> ComponentType:
    return ComponentType(name, Kind.LAYOUT, layout, frozenset(properties), panes=panes)


_TYPES: Final = (
    _field(
        "textfield",
        frozenset({"inputMask", "case", "truncateMultipleSpaces"}),
        _TEXT_RULES,
        can_be_multiple=True,
    ),
    _field("textarea", frozenset({"rows"}), _TEXT_RULES, can_be_multiple=True),
    _field("email", frozenset({"inputMask"}), _TEXT_RULES),
    _field("url", frozenset({"inputMask"}), _TEXT_RULES),
    _field("phoneNumber", frozenset({"inputMask"}), _TEXT_RULES),
    _field("number", _NUMBER, _NUMBER_RULES | {"integer"}),
    _field("currency", _NUMBER | {"currency"}, _NUMBER_RULES),
    _field("checkbox", frozenset(), frozenset({"required"})),
    _field("select", frozenset({"searchEnabled"}), frozenset({"required"}), can_be_multiple=True),
    _field("radio", frozenset({"inline"}), frozenset({"required"})),
    _field(
        "datetime",
        frozenset({"enableTime", "format", "timezone", "displayInTimezone"}),
        frozenset({"required"}),
    ),
    _field("tags", frozenset({"storeas", "delimeter", "maxTags"}), frozenset({"required"})),
    ComponentType("container", Kind.CONTAINER, LayoutType.CONTAINER, frozenset({"tree"})),
    ComponentType("datagrid", Kind.GRID, LayoutType.DATA_GRID, _GRID, _ROWS),
    ComponentType("editgrid", Kind.GRID, LayoutType.DATA_GRID, _GRID, _ROWS),
    _layout("fieldset", LayoutType.FIELD_SET, "legend"),
    _layout("panel", LayoutType.PANEL, "title", "theme", "collapsible", "collapsed"),
    _layout("well", LayoutType.WELL),
    _layout("columns", LayoutType.COLUMNS, panes="columns"),
    _layout("table", LayoutType.COLUMNS, "numRows", "numCols", panes="rows"),
    _layout("tabs", LayoutType.TABS, panes="components"),
)

COMPONENT_TYPES: Final = {component_type.name: component_type for component_type in _TYPES}

COMMON_TEXTS: Final = ("tooltip", "description", "placeholder")
COMMON_SWITCHES: Final = ("hidden", "disabled", "clearOnHide", "hideLabel")

TEXT_PROPERTIES: Final = frozenset({"title", "legend", "addAnother", "prefix", "suffix"})
SWITCH_PROPERTIES: Final = frozenset(
    {
        "truncateMultipleSpaces",
        "requireDecimal",
        "delimiter",
        "searchEnabled",
        "inline",
        "enableTime",
        "tree",
        "initEmpty",
        "collapsible",
        "collapsed",
    }
)
# A type's default is left out of the canonical form, as the builder leaves it out.
SWITCHES_ON_BY_DEFAULT: Final = frozenset({"enableTime", "searchEnabled"})

FIELD_FLAGS: Final = frozenset({"isExportable", "isFilterable", "isVerificationRequired"})
COMMON_FLAGS: Final = frozenset({"isReadOnly", "isApprovalRequired"})
FIELD_ATTRIBUTES: Final = frozenset(
    {"listKey", "listHierarchyFilterKey", "fieldType", "alias", "isPersonalData"}
)
COMMON_ATTRIBUTES: Final = frozenset({"uid", "i18n"})
TRANSLATED_TEXTS: Final = frozenset({"label", "tooltip", "placeholder", "description"})
