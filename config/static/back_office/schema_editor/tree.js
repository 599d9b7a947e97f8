// Schemas as trees. A place (`components[0].columns[1].components[2]`) is the path that the server's
// errors name; a data path (`contactInformation.addresses.city`) is what conditions name.

import { isData, isField, isGrid, isLayout } from "./types.js";

const BRANCHES = ["components", "columns", "rows"];

/** Whether a member holds other components; the `rows` of a long text are a number. */
export const isBranch = (name, value) => BRANCHES.includes(name) && Array.isArray(value);

/** The arrays of components that a component or a schema holds, with their places below it. */
export function branchesOf(component) {
  return panesOf(component)
    .filter(({ holder }) => isObject(holder))
    .map(({ holder, place }) => {
      if (!Array.isArray(holder.components)) holder.components = [];
      return { place, holder, components: holder.components };
    });
}

/** What a component or a schema should hold components in, whatever it is in a text full of errors. */
function panesOf(component) {
  const panes = (name) => listOf(component[name]).map((holder, index) => ({ holder, place: `${name}[${index}]` }));
  switch (component.type) {
    case "columns": return panes("columns");
    case "tabs": return panes("components");
    case "table": return listOf(component.rows).flatMap((row, r) =>
      listOf(row).map((holder, c) => ({ holder, place: `rows[${r}][${c}]` })));
    default: return Array.isArray(component.components) || !isField(component) ? [{ holder: component, place: "" }] : [];
  }
}

const listOf = (value) => (Array.isArray(value) ? value : []);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every component in order: `{component, place, path, prefix, grid, parent, siblings, index}`. */
export function* walk(holder, place = "", prefix = "", grid = null, parent = null) {
  for (const each of branchesOf(holder)) {
    const base = [place, each.place].filter(Boolean).join(".");
    for (const [index, component] of each.components.entries()) {
      if (!isObject(component)) continue;
      const own = `${base ? `${base}.` : ""}components[${index}]`;
      const path = isField(component) || isData(component) ? prefix + component.key : null;
      yield { component, place: own, path, prefix, grid, parent, siblings: each.components, index };
      const inner = isData(component) ? `${path}.` : prefix;
      yield* walk(component, own, inner, isGrid(component) ? path : grid, component);
    }
  }
}

/** The fields that have a value, with their paths. */
export const fieldsOf = (schema) => [...walk(schema)].filter(({ component }) => isField(component));

/** The component at a place, or the nearest one around it. */
export function entryAt(schema, place) {
  let found = null;
  for (const entry of walk(schema)) {
    const isAround = place === entry.place || place.startsWith(`${entry.place}.`);
    if (isAround && (!found || entry.place.length > found.place.length)) found = entry;
  }
  return found;
}

/**
 * The keys that the component of `entry` cannot have: those of its level of the data, or of the
 * layout, whose keys are unique in the form and share their names with the groups at the top.
 */
export function takenAt(entries, entry) {
  const others = entries.filter((each) => each !== entry);
  const isPart = ({ component }) => isLayout(component);
  const isTop = ({ component, prefix }) => isData(component) && prefix === "";
  const found = isPart(entry) ? others.filter(isTop) : others.filter((each) => !isPart(each) && each.prefix === entry.prefix);
  const parts = isPart(entry) || isTop(entry) ? others.filter(isPart) : [];
  const tabs = parts.filter(({ component }) => component.type === "tabs").flatMap(({ component }) => listOf(component.components));
  return new Set([...[...found, ...parts].map(({ component }) => component.key), ...tabs.map(({ key }) => key)]);
}

/** A key for a new component, made of its label as the keys of the demo schema are. */
export function keyFrom(label, taken) {
  const words = label.normalize("NFD").replace(/[^\w\s-]/g, "").split(/[\s_-]+/).filter(Boolean);
  const joined = words
    .map((word, index) => (index ? word[0].toUpperCase() : word[0].toLowerCase()) + word.slice(1))
    .join("")
    .replace(/^[^a-z]+/, "");
  const base = (joined || "field").slice(0, 60);
  let key = base;
  for (let number = 2; taken.has(key); number += 1) key = `${base}${number}`;
  return key;
}

/** Whether a schema has the shape that the builder can draw; anything else would make it fail. */
export function isDrawable(schema) {
  return isDrawablePane(schema);
}

function isDrawablePane(pane) {
  return isObject(pane) && isAbsentOr(Array.isArray, pane.components) && (pane.components ?? []).every(isDrawableComponent);
}

/** A copy in which every pane has the array that the builder adds to. */
export function filled(schema) {
  const copy = structuredClone(schema);
  Array.from(walk(copy));
  return copy;
}

const isAbsentOr = (isFine, value) => value === undefined || value === null || isFine(value);
const isText = (value) => typeof value === "string";
const NAME = /^[\w-]+$/;

function isDrawableComponent(component) {
  if (!isObject(component) || ![component.key, component.type].every((name) => isText(name) && NAME.test(name))) return false;
  const { label, title, legend, crm, validate, conditional } = component;
  return [label, title, legend].every((text) => isAbsentOr(isText, text))
    && [crm, validate, conditional].every((value) => isAbsentOr(isObject, value))
    && hasDrawableInside(component);
}

function hasDrawableInside(component) {
  if (isField(component)) return true;
  const panes = panesOf(component).map(({ holder }) => holder);
  return hasPanes(component) && panes.every(isDrawablePane);
}

function hasPanes({ type, columns, rows, components }) {
  switch (type) {
    case "columns": return Array.isArray(columns);
    case "tabs": return Array.isArray(components);
    case "table": return Array.isArray(rows) && rows.length > 0 && rows.every(Array.isArray);
    default: return isAbsentOr(Array.isArray, components);
  }
}
