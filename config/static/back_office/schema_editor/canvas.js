/* global Formio */
// The builder of Form.io with our own face: what is dragged and dropped are cards that say what a
// field is, the palette has the types of the dialect only, and fields are edited in our own dialog.
// Nothing of a schema is ever evaluated.

import { options, prepareBuilder, simplify } from "./builder.js";
import { takeChanges } from "./merge.js";
import { branchesOf, entryAt, filled, isBranch, keyFrom, takenAt, walk } from "./tree.js";

// What the builder adds to new components and the canonical form drops again.
const NOISE = ["id", "tableView", "widget", "currentWidth", "validateWhenHidden", "applyMaskOn", "autoAdjust"];

/** The builder in `element`. `edit(component, context)` resolves to the edited one, or to null. */
export class Canvas extends EventTarget {
  #builder;
  #edit;
  #last = "";
  // By uid: a component as it was given, and as the builder writes it. The two differ by its
  // defaults, which are not ours; what is read is the former with later changes.
  #memory = new Map();

  static async create(element, schema, { vendor, edit }) {
    prepareBuilder(vendor);
    const canvas = new Canvas();
    canvas.#edit = edit;
    const form = new Formio.FormBuilder(element, { display: "form", components: [] }, options());
    await form.ready;
    canvas.#builder = form.instance;
    simplify(canvas.#builder);
    canvas.#builder.editComponent = (...values) => canvas.#editComponent(...values);
    canvas.#builder.copyComponent = (component) => canvas.#copyComponent(component);
    canvas.#builder.stopMoving = (component) => canvas.#stopMoving(component);
    canvas.#builder.on("change", () => canvas.#changed());
    element.addEventListener("keydown", (event) => canvas.#keyPressed(event), { capture: true });
    await canvas.load(schema);
    return canvas;
  }

  /** The schema as it stands, without what the builder adds. */
  read() {
    const schema = this.#written();
    const seen = new Set();
    for (const { component } of walk(schema)) {
      const uid = component.crm?.uid;
      const memory = seen.has(uid) ? null : this.#memory.get(uid);
      const own = memory ? structuredClone(memory.original) : bare(component);
      if (memory) takeChanges(own, memory.built, bare(component));
      seen.add(uid);
      // What a component is stands before what it holds, for those who read the text.
      const branches = Object.entries(component).filter(([name, value]) => isBranch(name, value));
      for (const name of Object.keys(component)) delete component[name];
      Object.assign(component, own, Object.fromEntries(branches));
      for (const { holder } of branchesOf(component)) if (holder !== component) delete holder.currentWidth;
    }
    return { display: "form", components: schema.components };
  }

  /** Show another schema; no event. */
  async load(schema) {
    // The builder's own `setForm` would draw everything twice.
    await this.#builder.webform.setForm(filled(schema), { keepAsReference: true });
    this.#memory.clear();
    this.#remember(schema);
    this.#last = JSON.stringify(this.read());
  }

  /** Mark the components that errors name, by their places in what `read` gave. */
  mark(errors) {
    const elements = this.#elements();
    for (const { element } of elements.values()) element.classList.remove("se-wrong");
    const schema = this.#builder.form;
    for (const error of errors) {
      const component = entryAt(schema, error.path)?.component;
      elements.get(component)?.element.classList.add("se-wrong");
    }
  }

  /** Bring a component into view and open its dialog. */
  open(place) {
    const found = this.#elements().get(entryAt(this.#builder.form, place)?.component);
    if (!found) return;
    found.element.scrollIntoView({ block: "center" });
    found.instance.refs.editComponent?.click();
  }

  /** Enter or space on a type of the palette adds it, at the end of the form. */
  #keyPressed(event) {
    const key = event.target.closest(".se-entry")?.dataset.key;
    if (!key || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const { container, webform, schemas } = this.#builder;
    const added = structuredClone(schemas[key]);
    added.key = keyFrom(added.label, new Set(container.map((each) => each.key)));
    container.push(added);
    this.#editComponent(added, { formioContainer: container, formioComponent: webform }, true);
  }

  #elements() {
    const found = new Map();
    for (const element of this.#builder.element.querySelectorAll(".builder-component")) {
      const instance = element.formioComponent;
      if (instance) found.set(instance.component, { element, instance });
    }
    return found;
  }

  #changed() {
    const text = JSON.stringify(this.read());
    if (text === this.#last) return;
    this.#last = text;
    this.dispatchEvent(new CustomEvent("change"));
  }

  async #editComponent(component, parent, isNew, _isJson, original) {
    const siblings = parent.formioContainer;
    const current = original ?? (isNew ? component : siblings.find(({ key }) => key === component.key));
    const entries = [...walk(this.#builder.form)];
    const number = entries.findIndex((each) => each.component === current);
    const entry = entries[number];
    // What was just dropped is in the form, but not yet in what the builder would save.
    const given = isNew ? structuredClone(component) : [...walk(this.read())][number]?.component;
    const edited = await this.#edit(given ?? component, {
      isNew,
      place: entry?.place ?? "",
      path: entry?.path ?? null,
      grid: entry?.grid ?? null,
      taken: entry ? takenAt(entries, entry) : new Set(),
    });
    const index = siblings.indexOf(current);
    if (index === -1) return;
    if (edited && isNew) edited.crm = { ...edited.crm, uid: newUid() };
    if (edited) siblings.splice(index, 1, structuredClone(edited));
    else if (isNew) siblings.splice(index, 1);
    else return;
    await parent.formioComponent.rebuild();
    if (edited) this.#remember({ components: [edited] });
    // The focus goes where the dialog came from, or to what is new.
    this.#elements().get(siblings[index])?.instance.refs.editComponent?.focus();
    this.#changed();
  }

  /** The end of a move by arrow keys, of which the builder tells nobody. */
  async #stopMoving({ element }) {
    const parent = element.parentNode.formioComponent;
    this.#builder.removeEventListener(document, "keydown");
    this.#builder.selectedComponent = null;
    await parent.rebuild();
    this.#changed();
  }

  /** A copy is another component: it gets a uid of its own when it is saved. */
  #copyComponent(component) {
    const copy = { components: [JSON.parse(JSON.stringify(component.schema))] };
    for (const each of walk(copy)) delete each.component.crm?.uid;
    this.#builder.refs.form.classList.add("builder-paste-mode");
    window.sessionStorage.setItem("formio.clipboard", JSON.stringify(copy.components[0]));
  }

  /** What the builder itself would save. */
  #written() {
    return JSON.parse(JSON.stringify(this.#builder.schema));
  }

  #remember(given) {
    const written = new Map();
    for (const { component } of walk(this.#written())) {
      const uid = component.crm?.uid;
      if (uid && !written.has(uid)) written.set(uid, bare(component));
    }
    for (const { component } of walk(given)) {
      const uid = component.crm?.uid;
      if (!written.has(uid)) continue;
      this.#memory.set(uid, { original: bare(component), built: written.get(uid) });
    }
  }
}

function newUid() {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The members of a component but its children and what the builder adds. */
function bare(component) {
  const names = Object.keys(component).filter((name) => !isBranch(name, component[name]) && !NOISE.includes(name));
  return structuredClone(Object.fromEntries(names.map((name) => [name, component[name]])));
}
