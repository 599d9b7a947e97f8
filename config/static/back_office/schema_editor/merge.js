// Three versions into one: what I changed since the base, on top of what somebody else saved.
// Components are told apart by their uid, so a rename is one change and not two.

import { branchesOf, isBranch, walk } from "./tree.js";
import { labelOf } from "./types.js";

/** `{text, conflicts}`: labels of the components that both changed; there mine counts. */
export function merged(base, mine, theirs) {
  const [from, own, into] = [base, mine, theirs].map((text) => JSON.parse(text));
  const [before, after, other] = [from, own, into].map(indexed);
  const conflicts = [];
  for (const [uid, { component }] of other) {
    const [was, is] = [before.get(uid)?.component, after.get(uid)?.component];
    if (!was || !is) continue;
    const clashes = takeChanges(component, was, is);
    takePanes(component, was, is);
    if (clashes) conflicts.push(labelOf(is));
  }
  remove(before, after, other, conflicts);
  place(own, into, before, other);
  return { text: JSON.stringify(into), conflicts };
}

const uidOf = (component) => component.crm?.uid;

function indexed(schema) {
  const entries = [...walk(schema)].filter(({ component }) => uidOf(component));
  return new Map(entries.map((entry) => [uidOf(entry.component), entry]));
}

/** Write into `target` the members that differ between `was` and `is`; true if both changed one. */
export function takeChanges(target, was, is) {
  let clashes = false;
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (isBranch(name, was[name] ?? is[name]) || same(was[name], is[name])) continue;
    if (isObject(was[name]) && isObject(is[name]) && isObject(target[name])) {
      clashes = takeChanges(target[name], was[name], is[name]) || clashes;
      continue;
    }
    clashes ||= !same(target[name], was[name]) && !same(target[name], is[name]);
    if (is[name] === undefined) delete target[name];
    else target[name] = structuredClone(is[name]);
  }
  return clashes;
}

/** The same for tabs and columns, whose panes have no uid: they are told apart by their order. */
function takePanes(target, was, is) {
  const name = { __proto__: null, tabs: "components", columns: "columns" }[is.type];
  if (!name || target.type !== is.type) return;
  const [panes, old, own] = [target[name], was[name], is[name]];
  while (own.length > old.length && panes.length < own.length) {
    panes.push({ ...structuredClone(own[panes.length]), components: [] });
  }
  while (own.length < old.length && panes.length > own.length && !panes.at(-1).components?.length) panes.pop();
  panes.forEach((pane, index) => old[index] && own[index] && takeChanges(pane, old[index], own[index]));
}

/** What I removed goes, together with what is in it; what they changed meanwhile is named. */
function remove(before, after, other, conflicts) {
  for (const [uid, { component, siblings }] of other) {
    if (!before.has(uid) || after.has(uid)) continue;
    if (!same(bare(component), bare(before.get(uid).component))) conflicts.push(labelOf(component));
    const index = siblings.indexOf(component);
    if (index !== -1) siblings.splice(index, 1);
  }
}

/** What I added, or moved to another parent, goes where it stands with me. */
function place(own, into, before, other) {
  for (const { component, parent, siblings, index } of walk(own)) {
    const uid = uidOf(component);
    const old = before.get(uid);
    const isMoved = old && other.has(uid) && uidOf(old.parent ?? {}) !== uidOf(parent ?? {});
    if (old && !isMoved) continue;
    // Children come along by themselves, in their own turn.
    const target = branchFor(into, own, parent, siblings);
    if (!target) continue;
    const current = other.get(uid);
    if (current) current.siblings.splice(current.siblings.indexOf(current.component), 1);
    const added = current?.component ?? emptied(structuredClone(component));
    const previous = siblings.slice(0, index).reverse().find((each) => find(target, each));
    target.splice(previous ? target.indexOf(find(target, previous)) + 1 : 0, 0, added);
  }
}

/** The array in `into` that stands for `siblings` of `parent`. */
function branchFor(into, own, parent, siblings) {
  if (!parent) return into.components;
  const number = branchesOf(parent).findIndex(({ components }) => components === siblings);
  const entry = [...walk(into)].find(({ component }) => isSame(component, parent));
  const branches = entry ? branchesOf(entry.component) : [];
  return (branches[number] ?? branches[0])?.components;
}

/** New components have no uid yet; their key and type tell them apart. */
const isSame = (one, two) =>
  uidOf(one) || uidOf(two) ? uidOf(one) === uidOf(two) : one.key === two.key && one.type === two.type;
const find = (components, component) => components.find((each) => isSame(each, component));

function emptied(component) {
  for (const branch of branchesOf(component)) branch.components.length = 0;
  return component;
}

const bare = (component) =>
  Object.fromEntries(Object.entries(component).filter(([name, value]) => !isBranch(name, value)));
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (one, two) => sorted(one) === sorted(two);

function sorted(value) {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "";
  const members = Object.keys(value).sort().filter((name) => value[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${sorted(value[name])}`).join(",")}}`;
}
