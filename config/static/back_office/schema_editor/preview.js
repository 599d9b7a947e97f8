// The form as clients draw it: from the derived metadata alone, with live conditions and rules.

import { h, icon } from "./dom.js";
import { isShown, problemOf } from "./form_rules.js";
import { t } from "./text.js";
import { valueInput } from "./preview_inputs.js";

const FRAMED = {
  Panel: "se-p-panel", FieldSet: "se-p-set", Well: "se-p-well", Tab: "se-p-panel", Columns: "se-p-columns",
};

export class Preview {
  #element;
  #server;
  #values = {};
  #rows = {};
  #shown = [];
  #verdict = null;

  constructor(element, server) {
    this.#element = element;
    this.#server = server;
  }

  /** Draw a verdict's form; what was typed before stays where its field still exists. */
  draw(verdict, language) {
    this.#verdict = { ...verdict, language };
    this.#redraw();
  }

  #redraw() {
    this.#shown = [];
    const nodes = arranged(this.#verdict);
    this.#element.replaceChildren(
      nodes.length ? h("form", { class: "se-preview", onsubmit: (event) => event.preventDefault() }, this.#all(nodes, null))
        : h("p", { class: "se-empty" }, t("Nothing to show yet.")),
    );
    this.#toggle();
  }

  #all(nodes, row) {
    return nodes.map((node) => {
      const element = node.isLayout ? this.#layout(node, row) : this.#field(node.data, row);
      this.#shown.push({ data: node.data, row, element });
      return element;
    });
  }

  #layout(node, row) {
    const { data, children } = node;
    const title = data.isLabelHidden || data.fieldType === "Columns" ? "" : h("h4", {}, data.label, help(data));
    if (data.fieldType === "DataGrid") return this.#grid(node, title);
    return h("section", { class: FRAMED[data.fieldType] ?? "se-p-plain" }, title, this.#all(children, row));
  }

  #grid({ data, children }, title) {
    this.#rows[data.key] ??= [{}];
    const rows = this.#rows[data.key];
    const change = (act) => { act(); this.#redraw(); };
    return h("section", { class: "se-p-rows" }, title,
      rows.map((values, index) => h("div", { class: "se-p-row" },
        this.#all(children, { grid: data.key, values }),
        h("button", {
          type: "button", class: "se-tool", "aria-label": t("Remove row {number}", { number: index + 1 }),
          onclick: () => change(() => rows.splice(index, 1)),
        }, icon("x-lg")))),
      h("button", { type: "button", class: "se-button se-button-small", onclick: () => change(() => rows.push({})) },
        icon("plus"), t("Add a row")));
  }

  #field(data, row) {
    const values = row?.values ?? this.#values;
    const problem = h("p", { class: "se-p-problem", role: "status" });
    const input = valueInput(data, {
      value: values[data.key],
      items: (list) => this.#server.items(list, this.#verdict.language),
      parent: () => this.#valueOf(data.listHierarchyFilterKey, row),
      change: (value) => {
        values[data.key] = value;
        problem.textContent = problemOf(data, value) ?? "";
        this.#toggle();
        this.#element.dispatchEvent(new CustomEvent("parentchange", { detail: data.key }));
      },
      root: this.#element,
    });
    const id = input.dataset.labelled;
    const marks = [
      data.isRequired ? h("b", { class: "se-star", title: t("Required") }, "*") : null,
      data.isApprovalRequired ? h("i", { class: "bi bi-shield-check", title: t("Changes need approval") }) : null,
      data.isReadOnly ? h("i", { class: "bi bi-lock", title: t("Read-only for members") }) : null,
    ];
    const label = h("label", { for: id }, data.label, marks, help(data));
    const isBox = data.fieldType === "Boolean";
    return h("div", { class: `se-p-field${isBox ? " se-p-box" : ""}`, "data-key": data.key }, isBox ? [input, label] : [label, input], problem);
  }

  #valueOf(path, row) {
    if (!path) return undefined;
    return row && path.startsWith(`${row.grid}.`) ? row.values[path] : this.#values[path];
  }

  /** Show and hide what conditions say now. */
  #toggle() {
    const byKey = new Map(this.#verdict.fields.map((field) => [field.key, field]));
    for (const { data, row, element } of this.#shown) {
      element.hidden = !isShown(data, (path) => this.#valueOf(path, row), byKey);
    }
  }
}

function help(data) {
  return data.tooltip ? h("span", { class: "se-p-help" }, data.tooltip) : null;
}

/** Fields and layout as a tree, in the order in which clients meet them. */
function arranged({ fields, layout }) {
  const nodes = new Map(layout.map((data) => [data.key, { data, isLayout: true, children: [], isPlaced: false }]));
  const roots = [];
  const place = (node) => {
    if (node.isPlaced) return;
    node.isPlaced = true;
    const parent = nodes.get(node.data.parentKey);
    if (parent) place(parent);
    (parent?.children ?? roots).push(node);
  };
  for (const data of fields) {
    const parent = nodes.get(data.layoutPath.at(-1)?.key);
    if (parent) place(parent);
    (parent?.children ?? roots).push({ data, isLayout: false });
  }
  nodes.forEach(place);
  return roots;
}
