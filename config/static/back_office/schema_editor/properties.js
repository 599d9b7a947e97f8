// What the dialog offers for a component, by tab. A property names its place in the component;
// whatever is not offered here stays as it is and can be edited in the JSON view.

import { fieldTypeOf, isData, isField, isGrid, isLayout } from "./types.js";

const is = (...types) => (component) => types.includes(component.type);
const has = (...types) => (component) => types.includes(fieldTypeOf(component));
const isText = is("textfield", "textarea", "email", "url", "phoneNumber");
const isNumber = is("number", "currency");
const isList = has("List", "MultiList");
const isChannel = has("Email", "Phone");

/** Where the heading of a component is kept. */
export function labelPath(component) {
  return { __proto__: null, panel: "title", fieldset: "legend" }[component.type] ?? "label";
}

export const FIELD = [
  { path: "tooltip", label: "Help text", kind: "text" },
  { path: "placeholder", label: "Placeholder", kind: "text", when: (c) => isText(c) || isNumber(c) || isList(c) },
  { path: "description", label: "Description", kind: "text", when: isField },
  { path: "rows", label: "Lines", kind: "count", when: is("textarea") },
  { path: "currency", label: "Currency (ISO code)", kind: "text", pattern: "[A-Z]{3}", when: is("currency") },
  { path: "decimalLimit", label: "Decimal places", kind: "count", when: (c) => isNumber(c) && !c.validate?.integer },
  { path: "prefix", label: "Text before the value", kind: "text", when: isNumber },
  { path: "suffix", label: "Text after the value", kind: "text", when: isNumber },
  { path: "delimiter", label: "Group thousands", kind: "switch", when: isNumber },
  { path: "multiple", label: "Several values", kind: "switch", when: is("select", "textfield", "textarea") },
  { path: "inline", label: "Side by side", kind: "switch", when: is("radio") },
  { path: "maxTags", label: "At most so many", kind: "count", when: is("tags") },
  { path: "defaultValue", label: "Value that a new form starts with", kind: "text", when: (c) => isText(c) && !c.multiple },
  { path: "defaultValue", label: "Value that a new form starts with", kind: "number", when: isNumber },
  { path: "defaultValue", label: "Ticked in a new form", kind: "switch", when: is("checkbox") },
  { path: "addAnother", label: "Text of the button that adds a row", kind: "text", when: isGrid },
  { path: "collapsible", label: "Can be folded", kind: "switch", when: is("panel") },
  { path: "collapsed", label: "Folded at first", kind: "switch", when: is("panel") },
  { path: "hideLabel", label: "Hide the label", kind: "switch", isOn: is("container") },
  { path: "disabled", label: "Greyed out in forms", kind: "switch", when: (c) => !isLayout(c) },
  { path: "hidden", label: "Never shown", kind: "switch" },
  { path: "columns", label: "Columns", kind: "columns", when: is("columns") },
  { path: "components", label: "Tabs", kind: "panes", when: is("tabs") },
  { path: "rows", label: "Rows and columns", kind: "cells", when: is("table") },
];

export const RULES = [
  { path: "validate.required", label: "Required", kind: "switch", when: (c) => isField(c) || isGrid(c) },
  { path: "validate.minLength", label: "Least number of characters", kind: "count", when: isText },
  { path: "validate.maxLength", label: "Greatest number of characters", kind: "count", when: isText },
  {
    path: "validate.pattern",
    label: "Pattern",
    kind: "code",
    help: "A regular expression that the whole value must match, for example [0-9]{4}. Look-around, back-references and \\d are not allowed.",
    when: isText,
  },
  { path: "validate.min", label: "Least value", kind: "number", when: isNumber },
  { path: "validate.max", label: "Greatest value", kind: "number", when: isNumber },
  { path: "datePicker.minDate", label: "Earliest day", kind: "date", when: is("datetime") },
  { path: "datePicker.maxDate", label: "Latest day", kind: "date", when: is("datetime") },
  { path: "validate.minLength", label: "Least number of rows", kind: "count", when: isGrid },
  { path: "validate.maxLength", label: "Greatest number of rows", kind: "count", when: isGrid },
];

export const CRM = [
  { path: "crm.listKey", label: "List", kind: "list", when: isList },
  {
    path: "crm.listHierarchyFilterKey",
    label: "Depends on",
    kind: "parent",
    help: "The list field whose item the items of this list belong to, as states belong to a country.",
    when: isList,
  },
  {
    path: "crm.alias",
    label: "Meaning",
    kind: "alias",
    help: "Fields that the product itself knows; each meaning at most once.",
    when: isField,
  },
  {
    path: "crm.isApprovalRequired",
    label: "Changes need approval",
    kind: "switch",
    help: "A change by a member waits until a second person has approved it.",
    when: (c) => !isLayout(c),
  },
  { path: "crm.isReadOnly", label: "Read-only for members", kind: "switch", help: "Apps may still write it.", when: (c) => !isLayout(c) },
  { path: "crm.isExportable", label: "Part of exports", kind: "switch", when: isField },
  {
    path: "crm.isVerificationRequired",
    label: "New values are verified",
    kind: "switch",
    help: "A new value counts once its owner has entered the key that was sent to it.",
    when: isChannel,
  },
  { path: "crm.isFilterable", label: "Fast to filter by", kind: "switch", when: isField },
  {
    path: "crm.isPersonalData",
    label: "Personal data",
    kind: "switch",
    isOn: () => true,
    help: "Removed when a contact is anonymised.",
    when: isField,
  },
  { path: "crm.fieldType", label: "Percent", kind: "percent", when: is("number") },
];

/** The texts that have translations. */
export const TRANSLATED = [
  { name: "label", label: "Label", when: () => true },
  { name: "tooltip", label: "Help text", when: () => true },
  { name: "placeholder", label: "Placeholder", when: (c) => isText(c) || isNumber(c) || isList(c) },
  { name: "description", label: "Description", when: isField },
];

export const offered = (properties, component) =>
  properties.filter((property) => !property.when || property.when(component));

export const canHaveCondition = (component) => isField(component) || isData(component) || isLayout(component);
