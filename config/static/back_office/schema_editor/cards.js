// How the builder looks: the palette, a card for each component, and what frames hold. Form.io asks
// for markup as text, so everything that comes from a schema is escaped here.

import { escaped } from "./dom.js";
import { t } from "./text.js";
import { aliasName, entryOf, isField, labelOf } from "./types.js";

const CHIPS = [
  ["isApprovalRequired", "Approval", "shield-check"],
  ["isReadOnly", "Read-only", "lock"],
  ["isVerificationRequired", "Verified", "patch-check"],
  ["isExportable", "Export", "box-arrow-up"],
];

/** Templates by Form.io's names. Whatever they call `ref` is what it looks for afterwards. */
export function cardTemplates() {
  const all = {
    builder: palette,
    builderSidebar: groups,
    builderSidebarGroup: group,
    builderComponent: card,
    builderPlaceholder: place,
    component: (ctx) =>
      `<div id="${escaped(ctx.id)}" class="formio-component" ref="component">${ctx.children}</div>`,
    field: (ctx) => ctx.element,
    container: inside,
    panel: inside,
    fieldset: inside,
    well: inside,
    editgrid: inside,
    datagrid: rows,
    columns,
    tab: tabs,
    table,
  };
  return Object.fromEntries(Object.entries(all).map(([name, form]) => [name, { form }]));
}

const palette = (ctx) => `<div class="formio builder formbuilder se-builder">
  <div class="formcomponents se-palette">${ctx.sidebar}</div>
  <div class="formarea se-area" ref="form">${ctx.form}</div></div>`;

const groups = (ctx) => `<div id="${ctx.groupId}" class="builder-sidebar" ref="sidebar">
  <input class="form-control builder-sidebar_search" type="search" ref="sidebar-search"
    placeholder="${escaped(t("Search the field types"))}" aria-label="${escaped(t("Search the field types"))}">
  <div ref="sidebar-groups" class="se-groups" data-nothing="${escaped(t("Nothing found"))}">${ctx.groups.join("")}</div></div>`;

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
    ${entries.join("")}</div></section>`;
}

const place = (ctx) =>
  `<div class="drag-and-drop-alert no-drag se-drop" data-noattach="true" data-position="${ctx.position}">
  ${escaped(t("Drop a field here"))}</div>`;

const inside = (ctx) => `<div class="se-inside" ref="${escaped(ctx.nestedKey)}">${ctx.children}</div>`;

/** The fields of a row stand below each other, as the cards are too wide for a table. */
function rows(ctx) {
  const cells = ctx.rows.flatMap((row) =>
    ctx.columns.map(({ key }) => `<div ref="${escaped(ctx.datagridKey)}">${row[key]}</div>`));
  return `<div class="se-inside" ref="${escaped(ctx.datagridKey)}-row">${cells.join("")}
    <div ref="${escaped(ctx.key)}-container">${ctx.placeholder}</div></div>`;
}

function columns(ctx) {
  const panes = ctx.component.columns.map(({ width }, index) =>
    `<div class="se-lane" style="--width: ${Number(width) || 6}" ref="${escaped(ctx.columnKey)}">
      ${ctx.columnComponents[index]}</div>`);
  return `<div class="se-lanes">${panes.join("")}</div>`;
}

function tabs(ctx) {
  const panes = ctx.component.components;
  const buttons = panes.map(({ label }, index) =>
    `<li class="nav-item${index === ctx.currentTab ? " active" : ""}" ref="${escaped(ctx.tabLikey)}">
      <button type="button" class="nav-link${index === ctx.currentTab ? " active" : ""}" ref="${escaped(ctx.tabLinkKey)}">
      ${escaped(label)}</button></li>`);
  const contents = panes.map((_pane, index) =>
    `<div class="se-inside" style="display: ${index === ctx.currentTab ? "block" : "none"}" ref="${escaped(ctx.tabKey)}">
      ${ctx.tabComponents[index]}</div>`);
  return `<ul class="nav nav-tabs">${buttons.join("")}</ul>${contents.join("")}`;
}

function table(ctx) {
  const lines = ctx.tableComponents.map((cells, line) => {
    const inner = cells.map((cell) => `<td ref="${escaped(ctx.tableKey)}-${line}">${cell}</td>`);
    return `<tr ref="row-${escaped(ctx.id)}">${inner.join("")}</tr>`;
  });
  return `<table class="se-table" role="presentation"><tbody>${lines.join("")}</tbody></table>`;
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
  if (crm.alias) shown.push(chip("person-badge", aliasName(crm.alias)));
  if (component.conditional?.when) shown.push(chip("signpost-split", t("Conditional")));
  if (component.hidden) shown.push(chip("eye-slash", t("Hidden")));
  return shown.join("");
}

const chip = (icon, text) =>
  `<span class="se-chip" title="${escaped(text)}"><i class="bi bi-${icon}" aria-hidden="true"></i><span>${escaped(text)}</span></span>`;

function buttons(label) {
  const button = (ref, text, icon, extra = "") =>
    `<button type="button" class="se-tool ${extra}" ref="${ref}" title="${escaped(t(text))}" aria-label="${escaped(t(text))}: ${label}">
      <i class="bi bi-${icon}" aria-hidden="true"></i></button>`;
  return `<span class="se-tools" data-noattach="true">
    ${button("editComponent", "Edit", "sliders")}
    ${button("copyComponent", "Copy", "copy")}
    ${button("pasteComponent", "Paste below", "clipboard-plus", "component-settings-button-paste")}
    ${button("moveComponent", "Move with the arrow keys, then press Enter", "arrows-move")}
    ${button("removeComponent", "Remove", "trash3", "se-tool-bad")}</span>`;
}
