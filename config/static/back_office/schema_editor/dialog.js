// The dialog over one component: tabs of plain, labelled inputs that write into a copy of it.

import { conditionTab } from "./condition.js";
import { h } from "./dom.js";
import { inputFor, textInput } from "./inputs.js";
import { canHaveCondition, CRM, FIELD, labelPath, offered, RULES, TRANSLATED } from "./properties.js";
import { makeTabs } from "./tabs.js";
import { t } from "./text.js";
import { keyFrom } from "./tree.js";
import { entryOf } from "./types.js";
import { valueAt, write } from "./values.js";

// Where the property is that an error is about, when it is not on the first tab.
const TAB_OF_ERROR = {
  PatternInvalid: "rules", RangeInvalid: "rules", ConditionInvalid: "condition", ConditionCycle: "condition",
  ConditionScope: "condition", ConditionTooComplex: "condition", ConditionUnknownField: "condition", HiddenConditional: "condition", ListMissing: "crm", ListUnknown: "crm",
  ListKeysInvalid: "crm", HierarchyInvalid: "crm", AliasDuplicate: "crm", AliasInGrid: "crm", AliasType: "crm",
  AliasUnknown: "crm", VerificationNotAllowed: "crm",
};
const KEY = "[a-z][A-Za-z0-9_]{0,63}";

/**
 * Edit `component`. Resolves to the edited copy, or to null when it was called off.
 * `context`: what the canvas knows, with `schema`, `errors`, `lists`, `aliases`, `languages`, …
 */
export function editInDialog(component, context) {
  const draft = structuredClone(component);
  return new Promise((resolve) => {
    let result = null;
    const dialog = h("dialog", { class: "se-dialog", "aria-labelledby": "dialog-title" });
    const form = h("form", { method: "dialog", class: "se-dialog-form" });
    form.addEventListener("submit", () => { result = tidied(draft, context); });
    const close = () => dialog.close();
    form.append(
      header(draft, context),
      problems(context),
      body(draft, context),
      h("footer", { class: "se-dialog-foot" },
        h("button", { type: "button", class: "se-button", onclick: close }, t("Cancel")),
        h("button", { type: "submit", class: "se-button se-button-main" }, context.isNew ? t("Add") : t("Apply"))),
    );
    dialog.append(form);
    const path = form.querySelector(".se-path");
    form.addEventListener("input", () => { path.textContent = pathOf(draft, context); });
    // A browser can point at what is wrong only where it can be seen.
    form.addEventListener("invalid", ({ target }) => showTabOf(target), { capture: true });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(result); });
    document.body.append(dialog);
    dialog.showModal();
    const first = dialog.querySelector("[data-first]");
    if (first.offsetParent) first.select();
  });
}

function showTabOf(input) {
  const panel = input.closest("[role=tabpanel]");
  if (panel?.hidden) document.getElementById(panel.getAttribute("aria-labelledby")).click();
}

function header(draft, context) {
  const { icon, title } = entryOf(draft);
  return h("header", { class: "se-dialog-head" },
    h("i", { class: `bi bi-${icon}`, "aria-hidden": "true" }),
    h("div", {},
      h("h2", { id: "dialog-title" }, context.isNew ? t("New field: {type}", { type: t(title) }) : t(title)),
      h("p", { class: "se-path" }, pathOf(draft, context))));
}

/** Where the value would be, or the key of what has none; the key is being edited. */
const pathOf = ({ key = "" }, { path }) => (path ?? key).replace(/[^.]*$/, () => key);

function problems(context) {
  if (!context.errors.length) return "";
  return h("ul", { class: "se-problems-here", role: "alert" },
    context.errors.map((error) => h("li", {}, h("strong", {}, context.titleOf(error)), " ", error.message)));
}

function body(draft, context) {
  const panels = [
    { key: "field", title: t("Field"), content: [identity(draft, context), ...rows(FIELD, draft, context)] },
    { key: "rules", title: t("Rules"), content: rows(RULES, draft, context) },
    { key: "condition", title: t("Condition"), content: canHaveCondition(draft) ? conditionTab(draft, context) : [] },
    { key: "crm", title: "CRM", content: rows(CRM, draft, context) },
    { key: "languages", title: t("Languages"), content: languages(draft, context) },
  ].filter(({ content }) => content.length);
  const tabs = makeTabs(t("Properties"), panels);
  const wanted = TAB_OF_ERROR[context.errors[0]?.code];
  if (panels.some(({ key }) => key === wanted)) tabs.select(wanted);
  return h("div", { class: "se-dialog-body" }, tabs.list, tabs.panels);
}

/** Label and key; the key of a new component follows its label until somebody edits the key. */
function identity(draft, context) {
  const label = textInput(draft, labelPath(draft), { label: t("Label"), required: true, maxlength: 200 });
  const key = textInput(draft, "key", { label: t("Key"), required: true, pattern: KEY, class: "se-code" });
  label.input.dataset.first = "";
  let isOwn = !context.isNew;
  const followed = keyFrom(label.input.value, context.taken);
  if (context.isNew) key.set(followed);
  key.input.addEventListener("input", () => { isOwn = true; });
  label.input.addEventListener("input", () => {
    if (labelPath(draft) !== "label") draft.label = label.input.value;
    if (!isOwn) key.set(keyFrom(label.input.value, context.taken));
  });
  key.input.addEventListener("input", () => {
    const isTaken = context.taken.has(key.input.value);
    key.input.setCustomValidity(isTaken ? t("Something else at this level has the same key.") : "");
  });
  return h("div", { class: "se-row-2" }, label.element, key.element);
}

const rows = (properties, draft, context) =>
  offered(properties, draft).map((property) => inputFor(property, draft, context));

function languages(draft, context) {
  const others = context.languages.filter(({ code }) => code !== context.defaultLanguage);
  const texts = offered(TRANSLATED, draft);
  return others.map(({ code, name }) => {
    return h("fieldset", { class: "se-language" },
      h("legend", {}, name),
      texts.map((text) => {
        const path = `crm.i18n.${code}.${text.name}`;
        const source = valueAt(draft, text.name === "label" ? labelPath(draft) : text.name) ?? "";
        return textInput(draft, path, { label: `${t(text.label)} (${code})`, placeholder: source, maxlength: 1000 }).element;
      }));
  });
}

/** Without the objects that emptied inputs have left behind. */
function tidied(draft, { languages }) {
  const texts = languages.map(({ code }) => `crm.i18n.${code}`);
  for (const path of [...texts, "crm.i18n", "crm", "validate", "datePicker", "conditional"]) {
    const value = valueAt(draft, path);
    if (value && typeof value === "object" && !Object.keys(value).length) write(draft, path, undefined);
  }
  return draft;
}
