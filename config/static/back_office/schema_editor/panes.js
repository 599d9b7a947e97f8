// Columns, tabs and the cells of tables: how many there are, and what they are called.

import { h, icon, newId } from "./dom.js";
import { t } from "./text.js";
import { keyFrom } from "./tree.js";
import { valueAt, write } from "./values.js";

const WIDTHS = [...Array(12).keys()].map((width) => width + 1);

/** The widths of columns, in twelfths. */
export function columnsInput(draft, title) {
  return editable(title, draft.columns, {
    describe: (column, index) => [
      h("label", {}, t("Width of column {number}, in twelfths", { number: index + 1 }),
        h("select", { onchange: (event) => { column.width = Number(event.target.value); } },
          WIDTHS.map((width) => h("option", { value: String(width), selected: width === column.width }, String(width))))),
    ],
    make: () => ({ components: [], width: 6, offset: 0, push: 0, pull: 0, size: "md" }),
  });
}

/** The tabs: key, label, and the label in the other languages. */
export function panesInput(draft, title, { languages, defaultLanguage }) {
  const others = languages.filter(({ code }) => code !== defaultLanguage);
  return editable(title, draft.components, {
    describe: (pane) => [
      text(pane, "label", t("Label")),
      text(pane, "key", t("Key"), "[a-z][A-Za-z0-9_]{0,63}"),
      ...others.map(({ code }) => text(pane, `crm.i18n.${code}.label`, `${t("Label")} (${code})`)),
    ],
    make: (panes) => {
      const label = t("Tab {number}", { number: panes.length + 1 });
      return { key: keyFrom(label, new Set(panes.map(({ key }) => key))), label, components: [] };
    },
  });
}

/** A table grows and shrinks at its end; cells that hold something are never cut off. */
export function cellsInput(draft, title) {
  const cell = () => ({ components: [] });
  const isEmpty = (each) => !each.components?.length;
  const number = (label, value, change) => {
    const input = h("input", { type: "number", min: 1, max: 20, value: String(value) });
    input.addEventListener("change", () => {
      change(Math.max(1, Math.min(20, input.valueAsNumber || 1)));
      draft.numRows = draft.rows.length;
      draft.numCols = draft.rows[0].length;
      input.value = label === t("Rows") ? draft.numRows : draft.numCols;
    });
    return h("label", {}, label, input);
  };
  const rows = (wanted) => {
    while (draft.rows.length < wanted) draft.rows.push(draft.rows[0].map(cell));
    while (draft.rows.length > wanted && draft.rows.at(-1).every(isEmpty)) draft.rows.pop();
  };
  const columns = (wanted) => {
    while (draft.rows[0].length < wanted) draft.rows.forEach((row) => row.push(cell()));
    while (draft.rows[0].length > wanted && draft.rows.every((row) => isEmpty(row.at(-1)))) {
      draft.rows.forEach((row) => row.pop());
    }
  };
  return h("fieldset", { class: "se-panes" }, h("legend", {}, title),
    h("div", { class: "se-pane" }, number(t("Rows"), draft.rows.length, rows), number(t("Columns"), draft.rows[0].length, columns)));
}

function editable(title, panes, { describe, make }) {
  const list = h("ol", {});
  const show = () => {
    list.replaceChildren(...panes.map((pane, index) => h("li", { class: "se-pane" },
      describe(pane, index),
      h("button", {
        type: "button",
        class: "se-tool se-tool-bad",
        "aria-label": t("Remove {number}", { number: index + 1 }),
        // What is in it would be lost: it is moved or removed in the builder first.
        disabled: panes.length === 1 || Boolean(pane.components?.length),
        onclick: () => { panes.splice(index, 1); show(); },
      }, icon("trash3")))));
  };
  show();
  return h("fieldset", { class: "se-panes" }, h("legend", {}, title), list,
    h("button", { type: "button", class: "se-button", onclick: () => { panes.push(make(panes)); show(); } },
      icon("plus"), t("Add")));
}

function text(pane, path, label, pattern = null) {
  const id = newId("pane");
  const input = h("input", { type: "text", id, required: !path.startsWith("crm"), pattern });
  input.value = valueAt(pane, path) ?? "";
  input.addEventListener("input", () => write(pane, path, input.value || undefined));
  return h("label", { for: id }, label, input);
}
