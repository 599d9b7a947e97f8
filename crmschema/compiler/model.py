"""What a compiled schema is made of: plain immutable data, the same for every consumer.

Paths are index-free and dotted (`contactInformation.addresses.city`) unless a name says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import jsonschema_rs

from crmschema.compiler.visibility import VisibilityPlan
from lists.snapshots import ListSnapshot


class FieldType(StrEnum):
    """Input types of the contract (`InputFieldType`)."""

    BOOLEAN = "Boolean"
    TEXT = "Text"
    TEXT_AREA = "TextArea"
    INTEGER = "Integer"
    DECIMAL = "Decimal"
    CURRENCY = "Currency"
    PERCENT = "Percent"
    DATE = "Date"
    DATE_TIME = "DateTime"
    EMAIL = "Email"
    PHONE = "Phone"
    URL = "Url"
    LIST = "List"
    MULTI_LIST = "MultiList"
    ARRAY = "Array"


class LayoutType(StrEnum):
    """Layout types of the contract (`LayoutFieldType`)."""

    FIELD_SET = "FieldSet"
    PANEL = "Panel"
    TABS = "Tabs"
    TAB = "Tab"
    COLUMNS = "Columns"
    COLUMN = "Column"
    WELL = "Well"
    CONTAINER = "Container"
    DATA_GRID = "DataGrid"


class Alias(StrEnum):
    """Fields that the product itself knows by meaning; each at most once per schema."""

    PRIMARY_EMAIL = "PrimaryEmail"
    PRIMARY_MOBILE = "PrimaryMobile"
    DISPLAY_NAME = "DisplayName"
    FIRST_NAME = "FirstName"
    LAST_NAME = "LastName"
    DATE_OF_BIRTH = "DateOfBirth"
    LANGUAGE = "Language"
    LEGAL_NAME = "LegalName"


@dataclass(frozen=True, slots=True)
class Condition:
    """Visible when (value of `when` equals `equals`) is `show`; see `crmschema.conditions`."""

    when: str
    equals: str
    show: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the default language and its translations."""

    default: str
    translations: Mapping[str, str] = dataclass_field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """The text in `language` (already resolved to a supported one), else the default."""
        return self.translations.get(language) or self.default


@dataclass(frozen=True, slots=True)
class Field:
    """A leaf: one scalar, or one array that counts as a single value (MultiList, Array).

    Flags are effective: what an enclosing container or grid says counts for the field too.
    `conditions` are its own and those of all its ancestors; all must hold for it to be visible.
    """

    path: str
    key: str
    uid: str
    type: FieldType
    label: Text
    tooltip: Text | None
    placeholder: Text | None
    layout_path: tuple[str, ...]
    grid: str | None
    conditions: tuple[Condition, ...]
    own_condition: Condition | None
    list_key: str | None = None
    list_hierarchy_path: str | None = None
    currency: str | None = None
    decimals: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    min_date: date | None = None
    max_date: date | None = None
    max_items: int | None = None
    is_required: bool = False
    is_read_only: bool = False
    is_approval_required: bool = False
    is_exportable: bool = False
    is_verification_required: bool = False
    is_personal_data: bool = True
    is_filterable: bool = False
    is_hidden: bool = False
    clear_on_hide: bool = True
    alias: Alias | None = None


@dataclass(frozen=True, slots=True)
class LayoutElement:
    """A container, grid or pure layout element; `key` as metadata names it (schema format, 3)."""

    key: str
    type: LayoutType
    label: Text
    tooltip: Text | None
    parent_key: str | None
    is_hidden: bool
    is_label_hidden: bool
    own_condition: Condition | None


@dataclass(frozen=True, slots=True)
class LeafNode:
    field: Field


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """A container (or the root, or a grid's row): its members by key, in schema order."""

    path: str
    children: Mapping[str, "Node"]


@dataclass(frozen=True, slots=True)
class GridNode:
    """A grid: an array of rows. Every row may carry a text `id` beside the row's members (D4)."""

    path: str
    uid: str
    label: Text
    row: ObjectNode
    min_rows: int | None
    max_rows: int | None
    is_required: bool
    conditions: tuple[Condition, ...]
    holds_approval: bool


Node = LeafNode | ObjectNode | GridNode


@dataclass(frozen=True)
class CompiledSchema:
    """Everything that follows from one version of a schema and the revisions of its lists.

    `fields` are in schema order. `json_schema` is draft 2020-12. `validator` is thread-safe.
    `conditional` holds the fields that a condition can hide, in dependency order (D6).
    `visibility` is how `crmschema.conditions` finds out; `server_checked` are the fields with rules
    that the JSON Schema cannot express.
    """

    key: str
    token: int
    root: ObjectNode
    fields: tuple[Field, ...]
    by_path: Mapping[str, Field]
    grids: Mapping[str, GridNode]
    by_alias: Mapping[Alias, Field]
    layout: tuple[LayoutElement, ...]
    conditional: tuple[Field, ...]
    lists: Mapping[str, ListSnapshot]
    json_schema: Mapping[str, Any]  # Any: a JSON document
    validator: jsonschema_rs.Draft202012Validator
    visibility: VisibilityPlan
    server_checked: tuple[Field, ...]

    @cached_property
    def emails(self) -> tuple[Field, ...]:
        """The fields whose domain has a normal form (D8)."""
        return tuple(field for field in self.fields if field.type is FieldType.EMAIL)

    @cached_property
    def composed_name(self) -> Field | None:
        """The display name that the server composes (D12), if the schema has one."""
        name = self.by_alias.get(Alias.DISPLAY_NAME)
        return name if name is not None and name.is_read_only else None

    @cached_property
    def read_only(self) -> tuple[Field, ...]:
        """The fields that only apps may write (D7); the composed name is nobody's to write."""
        return tuple(
            field for field in self.fields if field.is_read_only and field is not self.composed_name
        )

    @cached_property
    def filterable(self) -> tuple[Field, ...]:
        """The fields whose folded values are kept for filters."""
        return tuple(field for field in self.fields if field.is_filterable)

    @cached_property
    def impersonal(self) -> frozenset[str]:
        """The paths of the fields that survive an erasure (N3). A name that is composed of others
        never does.
        """
        return frozenset(
            field.path
            for field in self.fields
            if not field.is_personal_data and field is not self.composed_name
        )

    @cached_property
    def verified_channels(self) -> tuple[Field, ...]:
        """The fields whose new values wait for a key (V1)."""
        return tuple(field for field in self.fields if field.is_verification_required)
