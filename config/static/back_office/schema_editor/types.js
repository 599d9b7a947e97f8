// The component types of the dialect: what the palette offers, and what people call them.

import { t } from "./text.js";

// Types come from texts that people write: none of them may find what every object has.
const DATA = { __proto__: null, container: "Container", datagrid: "DataGrid", editgrid: "DataGrid" };
const LAYOUT = ["panel", "fieldset", "well", "columns", "tabs", "table"];

const emptyColumns = () =>
  [1, 2].map(() => ({ components: [], width: 6, offset: 0, push: 0, pull: 0, size: "md" }));
const emptyRows = () => [1, 2].map(() => [{ components: [] }, { components: [] }]);

/** What the palette offers, by group; `schema` is what is dropped. */
export const PALETTE = [
  {
    key: "texts",
    title: "Texts",
    entries: [
      { key: "text", title: "Text", icon: "input-cursor-text", schema: { type: "textfield" } },
      { key: "longText", title: "Long text", icon: "text-paragraph", schema: { type: "textarea", rows: 3 } },
      { key: "email", title: "E-mail", icon: "envelope", schema: { type: "email" } },
      { key: "phone", title: "Phone", icon: "telephone", schema: { type: "phoneNumber", inputMask: "" } },
      { key: "webAddress", title: "Web address", icon: "link-45deg", schema: { type: "url" } },
      { key: "texts", title: "Several texts", icon: "tags", schema: { type: "tags", storeas: "array" } },
    ],
  },
  {
    key: "numbers",
    title: "Numbers and dates",
    entries: [
      { key: "wholeNumber", title: "Whole number", icon: "123", schema: { type: "number", validate: { integer: true } } },
      { key: "number", title: "Decimal number", icon: "calculator", schema: { type: "number", decimalLimit: 2 } },
      { key: "percent", title: "Percent", icon: "percent", schema: { type: "number", decimalLimit: 2, crm: { fieldType: "Percent" } } },
      { key: "amount", title: "Amount of money", icon: "cash-stack", schema: { type: "currency", currency: "CHF" } },
      { key: "date", title: "Date", icon: "calendar-date", schema: { type: "datetime", enableTime: false, format: "yyyy-MM-dd" } },
      { key: "dateTime", title: "Date and time", icon: "calendar-week", schema: { type: "datetime", format: "yyyy-MM-dd HH:mm" } },
    ],
  },
  {
    key: "choices",
    title: "Choices",
    entries: [
      { key: "yesNo", title: "Yes or no", icon: "check2-square", schema: { type: "checkbox" } },
      { key: "list", title: "List", icon: "menu-button-wide", schema: { type: "select", dataType: "string" } },
      { key: "multiList", title: "Multi list", icon: "ui-checks", schema: { type: "select", dataType: "string", multiple: true } },
      { key: "buttons", title: "List as buttons", icon: "ui-radios", schema: { type: "radio", values: [] } },
    ],
  },
  {
    key: "groups",
    title: "Groups of data",
    entries: [
      { key: "group", title: "Group", icon: "folder2", schema: { type: "container", tree: true, hideLabel: true, components: [] } },
      { key: "rows", title: "Rows", icon: "table", schema: { type: "datagrid", tree: true, components: [] } },
      { key: "entries", title: "Rows, edited one by one", icon: "card-list", schema: { type: "editgrid", tree: true, components: [] } },
    ],
  },
  {
    key: "layout",
    title: "Layout",
    entries: [
      { key: "section", title: "Section", icon: "window", schema: { type: "panel", title: "Section", components: [] } },
      { key: "fieldSet", title: "Field set", icon: "bounding-box", schema: { type: "fieldset", legend: "Field set", components: [] } },
      { key: "well", title: "Box", icon: "square", schema: { type: "well", components: [] } },
      { key: "columns", title: "Columns", icon: "layout-split", schema: { type: "columns", columns: emptyColumns() } },
      { key: "tabs", title: "Tabs", icon: "segmented-nav", schema: { type: "tabs", components: [{ key: "tab1", label: "Tab 1", components: [] }] } },
      { key: "table", title: "Table", icon: "grid-3x3", schema: { type: "table", numRows: 2, numCols: 2, rows: emptyRows() } },
    ],
  },
];

const BY_FIELD_TYPE = {
  __proto__: null,
  Text: "text", TextArea: "longText", Email: "email", Phone: "phone", Url: "webAddress", Array: "texts",
  Integer: "wholeNumber", Decimal: "number", Percent: "percent", Currency: "amount",
  Date: "date", DateTime: "dateTime", Boolean: "yesNo", List: "list", MultiList: "multiList",
};
const BY_TYPE = {
  __proto__: null,
  container: "group", datagrid: "rows", editgrid: "entries", panel: "section", fieldset: "fieldSet",
  well: "well", columns: "columns", tabs: "tabs", table: "table", radio: "buttons",
};
const ENTRIES = Object.fromEntries(PALETTE.flatMap((group) => group.entries).map((entry) => [entry.key, entry]));

const ALIASES = {
  PrimaryEmail: "Main e-mail", PrimaryMobile: "Main mobile number", DisplayName: "Display name", FirstName: "First name",
  LastName: "Last name", DateOfBirth: "Date of birth", Language: "Language of letters", LegalName: "Legal name",
};

/** What people call a meaning that the product knows. */
export const aliasName = (alias) => t(Object.hasOwn(ALIASES, alias) ? ALIASES[alias] : String(alias));

export const isLayout = (component) => LAYOUT.includes(component.type);
export const isData = (component) => component.type in DATA;
export const isGrid = (component) => DATA[component.type] === "DataGrid";
export const isField = (component) => !isLayout(component) && !isData(component);

/** The contract's field type of a component; null for groups and layout. */
export function fieldTypeOf(component) {
  if (!isField(component)) return null;
  const several = component.multiple === true;
  switch (component.type) {
    case "textfield": return several ? "Array" : "Text";
    case "textarea": return several ? "Array" : "TextArea";
    case "email": return "Email";
    case "phoneNumber": return "Phone";
    case "url": return "Url";
    case "tags": return "Array";
    case "checkbox": return "Boolean";
    case "currency": return "Currency";
    case "datetime": return component.enableTime === false ? "Date" : "DateTime";
    case "select": return several ? "MultiList" : "List";
    case "radio": return "List";
    case "number": return numberTypeOf(component);
    default: return null;
  }
}

function numberTypeOf(component) {
  if (component.crm?.fieldType === "Percent") return "Percent";
  return component.validate?.integer || component.decimalLimit === 0 ? "Integer" : "Decimal";
}

/** The palette's entry that a component is an example of: its name for people, and its icon. */
export function entryOf(component) {
  const key = BY_TYPE[component.type] ?? BY_FIELD_TYPE[fieldTypeOf(component)];
  return ENTRIES[key] ?? { title: component.type, icon: "question-square" };
}

/** What a component is called on the screen. */
export const labelOf = ({ title, legend, label, key }) =>
  [title, legend, label, key].find((text) => typeof text === "string" && text !== "") ?? "";
