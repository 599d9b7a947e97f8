// Schemas as trees. A place (`components[0].columns[1].components[2]`) is the path that the server's
// errors name; a data path (`contactInformation.addresses.city`) is what conditions name.

import { isData, isField, isGrid } from "./types.js";

const BRANCHES = ["components", "columns", "rows"];

/** Whether a member holds other components; the `rows` of a long text are a number. */
export const isBranch = (name, value) => BRANCHES.includes(name) && Array.isArray(value);

/** The arrays of components that a component or a schema holds, with their places below it. */
export function branchesOf(component) {
  if (component.type === "columns") {
    return (component.columns ?? []).map((pane, index) => branch(pane, `columns[${index}]`));
  }
  if (component.type === "table") {
    return (component.rows ?? []).flatMap((row, r) =>
      row.map((cell, c) => branch(cell, `rows[${r}][${c}]`)));
  }
  if (component.type === "tabs") {
    return (component.components ?? []).map((pane, index) => branch(pane, `components[${index}]`));
  }
  return Array.isArray(component.components)
    ? [{ place: "", holder: component, components: component.components }]
    : [];
}

function branch(pane, place) {
  if (!Array.isArray(pane.components)) pane.components = [];
  return { place, holder: pane, components: pane.components };
}

/** Every component in order: `{component, place, path, grid, parent, siblings, index}`. */
export function* walk(holder, place = "", prefix = "", grid = null, parent = null) {
  for (const each of branchesOf(holder)) {
    const base = [place, each.place].filter(Boolean).join(".");
    for (const [index, component] of each.components.entries()) {
      const own = `${base ? `${base}.` : ""}components[${index}]`;
      const path = isField(component) || isData(component) ? prefix + component.key : null;
      yield { component, place: own, path, grid, parent, siblings: each.components, index };
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
  try {
    return [...walk(schema)].every(({ component }) =>
      typeof component === "object" && typeof component?.key === "string" && typeof component?.type === "string");
  } catch {
    return false;
  }
}
