/* global Formio */
// The builder of Form.io with our own face: what is dragged and dropped are cards that say what a
// field is, the palette has the types of the dialect only, and fields are edited in our own dialog.
// Nothing of a schema is ever evaluated.

import { escaped } from "./dom.js";
import { takeChanges } from "./merge.js";
import { t } from "./text.js";
import { branchesOf, entryAt, isBranch, keyFrom, walk } from "./tree.js";
import { entryOf, isField, labelOf, PALETTE } from "./types.js";

// What the builder adds to new components and the canonical form drops again.
const NOISE = ["id", "tableView", "widget", "currentWidth", "validateWhenHidden", "applyMaskOn", "autoAdjust"];
const CHIPS = [
  ["isApprovalRequired", "Approval", "shield-check"],
  ["isReadOnly", "Read-only", "lock"],
  ["isVerificationRequired", "Verified", "patch-check"],
  ["isExportable", "Export", "box-arrow-up"],
];

/** The builder in `element`. `edit(component, context)` resolves to the edited one, or to null. */
export class Canvas extends EventTarget {
  #builder;
  #edit;
  #last = "";
  // By uid: a component as it was given, and as the builder writes it. The two differ by its
  // defaults, which are not ours; what is read is the former with later changes.
  #memory = new Map();

  static async create(element, schema, { vendor, edit }) {
    // Once for the page: no script in a schema, nothing from elsewhere.
    Formio.Utils.Evaluator.noeval = true;
    Formio.cdn.setBaseUrl(vendor);
    Object.assign(Formio.Templates.current, templates());
    const canvas = new Canvas();
    canvas.#edit = edit;
    const form = new Formio.FormBuilder(element, structuredClone(schema), options());
    await form.ready;
    canvas.#builder = form.instance;
    canvas.#builder.editComponent = (...values) => canvas.#editComponent(...values);
    canvas.#builder.copyComponent = (component) => canvas.#copyComponent(component);
    canvas.#builder.stopMoving = (component) => canvas.#stopMoving(component);
    canvas.#builder.on("change", () => canvas.#changed());
    element.addEventListener("keydown", (event) => canvas.#keyPressed(event), { capture: true });
    canvas.#remember(schema);
    canvas.#last = JSON.stringify(canvas.read());
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
      for (const name of Object.keys(component)) if (!isBranch(name, component[name])) delete component[name];
      Object.assign(component, own);
      for (const { holder } of branchesOf(component)) if (holder !== component) delete holder.currentWidth;
    }
    return { display: "form", components: schema.components };
  }

  /** Show another schema; no event. */
  async load(schema) {
    const form = structuredClone(schema);
    await this.#builder.setForm(form);
    // The builder rebuilds by itself only if the number of components differs.
    await this.#builder.rebuild();
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
      taken: new Set(siblings.filter((each) => each !== current).map(({ key }) => key)),
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

function options() {
  const groups = Object.fromEntries(
    ["basic", "advanced", "layout", "data", "premium", "resource"].map((name) => [name, false]),
  );
  PALETTE.forEach((group, index) => {
    // Not the builder's own names: it would add its own types to those.
    groups[`crm-${group.key}`] = {
      title: t(group.title),
      weight: index,
      default: index === 0,
      components: Object.fromEntries(group.entries.map((entry, weight) => [entry.key, dropped(entry, weight)])),
    };
  });
  const texts = {
    searchFields: t("Search the field types"),
    noMatchesFound: t("Nothing found"),
    confirmComponentRemoveWithChildren: t("Remove this together with everything in it?"),
  };
  return {
    builder: groups,
    noDefaultSubmitButton: true,
    keyboardBuilder: true,
    language: "own",
    i18n: { own: texts },
    editJson: false,
  };
}

function dropped(entry, weight) {
  const label = t(entry.title);
  const schema = { input: true, label, key: keyFrom(entry.key, new Set()), ...structuredClone(entry.schema) };
  if (schema.title) schema.title = label;
  if (schema.legend) schema.legend = label;
  return { title: label, key: entry.key, icon: entry.icon, weight, schema };
}

function templates() {
  return {
    builder: { form: (ctx) => `<div class="formio builder formbuilder se-builder">
      <div class="formcomponents se-palette">${ctx.sidebar}</div>
      <div class="formarea se-area" ref="form">${ctx.form}</div></div>` },
    builderSidebarGroup: { form: group },
    builderComponent: { form: card },
    builderPlaceholder: { form: (ctx) =>
      `<div class="drag-and-drop-alert no-drag se-drop" data-noattach="true" data-position="${ctx.position}">
        ${escaped(t("Drop a field here"))}</div>` },
    container: { form: (ctx) => `<div class="se-inside" ref="${ctx.nestedKey}">${ctx.children}</div>` },
    panel: { form: (ctx) => `<div class="se-inside" ref="${ctx.nestedKey}">${ctx.children}</div>` },
    fieldset: { form: (ctx) => `<div class="se-inside" ref="${ctx.nestedKey}">${ctx.children}</div>` },
    well: { form: (ctx) => `<div class="se-inside" ref="${ctx.nestedKey}">${ctx.children}</div>` },
  };
}

function group(ctx) {
  const entries = ctx.group.componentOrder.map((key) => {
    const entry = ctx.group.components[key];
    return `<span ref="sidebar-component" role="button" tabindex="0" data-group="${ctx.groupKey}"
      data-key="${entry.key}" data-type="${entry.schema.type}" class="formcomponent drag-copy se-entry">
      <i class="bi bi-${entry.icon}" aria-hidden="true"></i>${escaped(entry.title)}</span>`;
  });
  const name = escaped(ctx.group.title);
  return `<section class="se-group" aria-label="${name}"><h3>${name}</h3>
    <div id="group-container-${ctx.groupKey}" class="no-drop se-entries" ref="sidebar-container">
    ${entries.join("") || escaped(t("Nothing found"))}</div></section>`;
}

function card(ctx) {
  const component = ctx.childComponent;
  const { icon, title } = entryOf(component);
  const label = escaped(labelOf(component));
  const required = component.validate?.required ? `<b class="se-star" title="${escaped(t("Required"))}">*</b>` : "";
  const head = `<div class="se-card-head"><i class="bi bi-${icon}" aria-hidden="true"></i>
    <span class="se-card-text"><span class="se-card-label">${label}${required}</span>
    <span class="se-card-facts">${escaped(t(title))} · <code>${escaped(component.key)}</code>${list(component)}</span></span>
    <span class="se-chips">${chips(component)}</span>${buttons(label)}</div>`;
  const inside = isField(component) ? "" : `<div class="se-frame">${ctx.html}</div>`;
  return `<div class="builder-component se-card${inside ? " se-card-frame" : ""}" ref="dragComponent" tabindex="-1">${head}${inside}</div>`;
}

function list(component) {
  const key = component.crm?.listKey;
  return key ? ` · <i class="bi bi-menu-button-wide" aria-hidden="true"></i> ${escaped(key)}` : "";
}

function chips(component) {
  const crm = component.crm ?? {};
  const shown = CHIPS.filter(([flag]) => crm[flag]).map(([, text, icon]) => chip(icon, t(text)));
  if (crm.alias) shown.push(chip("person-badge", crm.alias));
  if (component.conditional?.when) shown.push(chip("signpost-split", t("Conditional")));
  if (component.hidden) shown.push(chip("eye-slash", t("Hidden")));
  return shown.join("");
}

const chip = (icon, text) =>
  `<span class="se-chip" title="${escaped(text)}"><i class="bi bi-${icon}" aria-hidden="true"></i><span>${escaped(text)}</span></span>`;

function buttons(label) {
  const button = (ref, text, icon, extra = "") =>
    `<button type="button" class="se-tool ${extra}" ref="${ref}" aria-label="${escaped(t(text))}: ${label}">
      <i class="bi bi-${icon}" aria-hidden="true"></i></button>`;
  return `<span class="se-tools" data-noattach="true">
    ${button("editComponent", "Edit", "sliders")}
    ${button("copyComponent", "Copy", "copy")}
    ${button("pasteComponent", "Paste below", "clipboard-plus", "component-settings-button-paste")}
    ${button("moveComponent", "Move with the arrow keys, then press Enter", "arrows-move")}
    ${button("removeComponent", "Remove", "trash3", "se-tool-bad")}</span>`;
}
