// What is wrong with the draft: a list in which every entry leads to its component.

import { h, icon } from "./dom.js";
import { t } from "./text.js";
import { entryAt } from "./tree.js";
import { labelOf } from "./types.js";

const TITLES = {
  AliasDuplicate: "Meaning used twice", AliasInGrid: "Meaning inside rows", AliasType: "Meaning does not fit the type",
  AliasUnknown: "Unknown meaning", AttributeInvalid: "CRM attribute is not valid", AttributeNotAllowed: "CRM attribute does not belong here",
  AttributeUnknown: "Unknown CRM attribute", ConditionCycle: "Conditions go round in a circle", ConditionInvalid: "Condition is not valid",
  ConditionScope: "Condition names a field of other rows", ConditionTooComplex: "Condition is too complex",
  ConditionUnknownField: "Condition names an unknown field", GridNested: "Rows inside rows", HiddenConditional: "Hidden and conditional at once",
  HierarchyInvalid: "Dependent list is not valid", KeyDuplicate: "Key used twice", KeyInvalid: "Key is not valid",
  KeyReserved: "Key is reserved", LayoutKeyDuplicate: "Key of a layout used twice", ListKeysInvalid: "List has keys that cannot be used",
  ListMissing: "No list chosen", ListUnknown: "Unknown list", MultipleUnsupported: "One value only", PatternInvalid: "Pattern is not allowed",
  PropertyInvalid: "Property is not valid", RangeInvalid: "Range is upside down", ReferenceForbidden: "References are not allowed",
  RootInvalid: "This is no schema", ScriptForbidden: "Scripts are not allowed", TextForbidden: "Markup is not allowed", TextTooLong: "Text is too long",
  TooDeep: "Nested too deep", TooManyFields: "Too many fields", TypeUnsupported: "Type is not supported",
  VerificationNotAllowed: "Cannot be verified", JsonInvalid: "This is not JSON", TooLarge: "The schema is too large",
};

export const titleOf = (error) => t(TITLES[error.code] ?? "Problem");

/** The errors that belong to one component itself. */
export function errorsAt(schema, errors, place) {
  return errors.filter((error) => entryAt(schema, error.path)?.place === place);
}

function nameOf({ component, path, place }) {
  const [label, name] = [labelOf(component), path ?? component.key];
  return label && name ? `${label} (${name})` : label || name || place;
}

/** `open(error)` leads to the component, `showText(error)` to its text. */
export function problemList(schema, errors, { open, showText }) {
  if (!errors.length) {
    return h("p", { class: "se-fine" }, icon("check-circle"), t("No problems. The schema can be saved."));
  }
  return h("ol", { class: "se-problems" }, errors.map((error) => {
    const entry = schema ? entryAt(schema, error.path) : null;
    const where = entry ? nameOf(entry) : error.path || t("Schema");
    return h("li", {},
      h("button", { type: "button", class: "se-problem", onclick: () => (entry ? open(error) : showText(error)) },
        h("strong", {}, titleOf(error)), h("span", { class: "se-problem-where" }, where), h("span", {}, error.message)),
      h("button", { type: "button", class: "se-link", onclick: () => showText(error) },
        h("code", {}, error.path || "{}"), h("span", { class: "visually-hidden" }, t("Show in the JSON"))));
  }));
}
