// Labelled inputs over one property each. They write as people type; empty means the default.

import { h, newId } from "./dom.js";
import { columnsInput, cellsInput, panesInput } from "./panes.js";
import { t } from "./text.js";
import { fieldsOf } from "./tree.js";
import { aliasName, fieldTypeOf, labelOf } from "./types.js";
import { valueAt, write } from "./values.js";

/** The input for a property of `properties.js`. */
export function inputFor(property, draft, context) {
  const label = t(property.label);
  const help = property.help ? t(property.help) : null;
  switch (property.kind) {
    case "switch": return switchInput(draft, property, label, help);
    case "percent": return switchInput(draft, { ...property, values: ["Percent", undefined] }, label, help);
    case "count": return numberInput(draft, property.path, { label, help, min: 0, step: 1 });
    case "number": return numberInput(draft, property.path, { label, help, step: "any" });
    case "date": return textInput(draft, property.path, { label, help, type: "date" }).element;
    case "code": return textInput(draft, property.path, { label, help, class: "se-code", spellcheck: "false" }).element;
    case "list": return choiceInput(draft, property.path, listChoices(context), { label, help });
    case "parent": return choiceInput(draft, property.path, parentChoices(draft, context), { label, help });
    case "alias": return choiceInput(draft, property.path, aliasChoices(draft, context), { label, help });
    case "columns": return columnsInput(draft, label);
    case "panes": return panesInput(draft, label, context);
    case "cells": return cellsInput(draft, label);
    default: return textInput(draft, property.path, { label, help, pattern: property.pattern }).element;
  }
}

export function textInput(draft, path, { label, help = null, ...attributes }) {
  const input = h("input", { type: "text", autocomplete: "off", ...defined(attributes) });
  input.value = valueAt(draft, path) ?? "";
  input.addEventListener("input", () => write(draft, path, input.value === "" ? undefined : input.value));
  const set = (value) => { input.value = value; write(draft, path, value); };
  return { element: labelled(label, input, help), input, set };
}

function numberInput(draft, path, { label, help, ...attributes }) {
  const input = h("input", { type: "number", ...attributes });
  input.value = valueAt(draft, path) ?? "";
  input.addEventListener("input", () =>
    write(draft, path, input.value === "" ? undefined : input.valueAsNumber));
  return labelled(label, input, help);
}

function switchInput(draft, { path, isOn, values = [true, false] }, label, help) {
  const isOnByDefault = isOn?.(draft) ?? false;
  const current = valueAt(draft, path);
  const input = h("input", { type: "checkbox", role: "switch" });
  input.checked = current === undefined ? isOnByDefault : current === values[0];
  input.addEventListener("change", () => {
    const value = values[input.checked ? 0 : 1];
    write(draft, path, input.checked === isOnByDefault ? undefined : value);
  });
  const id = newId("switch");
  input.id = id;
  return h("div", { class: "se-switch" }, input, h("label", { for: id }, label), helpText(input, help));
}

/** `choices`: `[{value, text}]`, shown after “none”. A value that is not offered stays choosable. */
export function choiceInput(draft, path, choices, { label, help = null, none = "–" }) {
  const current = valueAt(draft, path) ?? "";
  const all = choices.some(({ value }) => value === current) || !current
    ? choices
    : [...choices, { value: current, text: current }];
  const input = h("select", {},
    h("option", { value: "" }, none),
    all.map(({ value, text }) => h("option", { value }, text)));
  input.value = current;
  input.addEventListener("change", () => write(draft, path, input.value || undefined));
  const element = labelled(label, input, help);
  element.hidden = !all.length;
  return element;
}

export function labelled(label, input, help) {
  input.id = newId("input");
  return h("div", { class: "se-field" }, h("label", { for: input.id }, label), input, helpText(input, help));
}

function helpText(input, help) {
  if (!help) return "";
  const id = newId("help");
  input.setAttribute("aria-describedby", id);
  return h("p", { class: "se-help", id }, help);
}

const defined = (attributes) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

const listChoices = ({ lists }) =>
  lists.map(({ key, label, count }) => ({ value: key, text: `${label} – ${key} (${count})` }));

/** The single lists that a list may depend on: in the same rows, or outside of any. */
function parentChoices(draft, { schema, grid, path }) {
  return fieldsOf(schema)
    .filter((each) => fieldTypeOf(each.component) === "List" && each.path !== path)
    .filter((each) => each.grid === null || each.grid === grid)
    .map((each) => ({ value: each.path, text: `${labelOf(each.component)} – ${each.path}` }));
}

function aliasChoices(draft, { aliases, grid }) {
  if (grid !== null) return [];
  const kind = fieldTypeOf(draft);
  return Object.entries(aliases)
    .filter(([, type]) => type === kind)
    .map(([alias]) => ({ value: alias, text: `${aliasName(alias)} – ${alias}` }));
}
