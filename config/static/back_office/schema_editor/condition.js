// The tab about when a component is shown: one field, one value (schema format, 4).

import { h } from "./dom.js";
import { labelled } from "./inputs.js";
import { t } from "./text.js";
import { fieldsOf } from "./tree.js";
import { fieldTypeOf, labelOf } from "./types.js";
import { write } from "./values.js";

const COMPARABLE = ["Boolean", "Text", "Integer", "Decimal", "List", "MultiList", "Array"];

export function conditionTab(draft, context) {
  const state = { show: String(draft.conditional?.show ?? "true"), ...picked(draft) };
  const show = select([["true", t("Shown only when")], ["false", t("Hidden when")]], state.show);
  const when = select([["", t("Always shown")], ...whenChoices(draft, context)], state.when);
  const eq = h("div", { class: "se-field" });
  const keep = h("input", { type: "checkbox", role: "switch" });
  keep.checked = draft.clearOnHide === false;

  const store = () => {
    const isWhole = state.when && state.eq !== "";
    const condition = { show: state.show === "true", when: state.when, eq: state.eq };
    write(draft, "conditional", isWhole ? condition : undefined);
  };
  const showValues = async () => {
    const { when: asked } = state;
    show.disabled = !asked;
    eq.hidden = !asked;
    // Nothing can be applied before there is a value to compare with.
    eq.replaceChildren(asked ? labelled(t("has the value"), h("select", { required: true }, h("option", { value: "" }, "…")), null) : "");
    if (!asked) { store(); return; }
    const input = await valueInput(state, context).catch(() => typedValue(state));
    if (state.when !== asked) return;
    input.addEventListener("input", () => { state.eq = input.value; store(); });
    input.required = true;
    eq.replaceChildren(labelled(t("has the value"), input, null));
    state.eq = input.value;
    store();
  };
  show.addEventListener("change", () => { state.show = show.value; store(); });
  when.addEventListener("change", () => { Object.assign(state, { when: when.value, eq: "" }); showValues(); });
  keep.addEventListener("change", () => write(draft, "clearOnHide", keep.checked ? false : undefined));
  if (state.when) showValues(); else { show.disabled = true; eq.hidden = true; }
  keep.id = "condition-keep";
  return [
    labelled(t("This component is"), show, null),
    labelled(t("the field"), when, null),
    eq,
    h("div", { class: "se-switch" }, keep,
      h("label", { for: keep.id }, t("Keep the value while hidden")),
      h("p", { class: "se-help" }, t("Otherwise a value is removed as soon as its field is hidden."))),
  ];
}

function picked(draft) {
  const { when = "", eq = "" } = draft.conditional ?? {};
  return { when: when ?? "", eq: String(eq ?? "") };
}

/** Every field outside of rows, and those of the same rows. */
function whenChoices(draft, { schema, grid, path }) {
  const choices = fieldsOf(schema)
    .filter((each) => COMPARABLE.includes(fieldTypeOf(each.component)) && each.path !== path)
    .filter((each) => each.grid === null || each.grid === grid)
    .map((each) => [each.path, `${labelOf(each.component)} – ${each.path}`]);
  const when = draft.conditional?.when;
  return when && !choices.some(([value]) => value === when) ? [...choices, [when, when]] : choices;
}

async function valueInput({ when, eq }, context) {
  const field = fieldsOf(context.schema).find(({ path }) => path === when)?.component;
  const kind = field ? fieldTypeOf(field) : null;
  if (kind === "Boolean") {
    return select([["true", t("yes")], ["false", t("no")]], eq || "true");
  }
  if ((kind === "List" || kind === "MultiList") && field.crm?.listKey) {
    const items = await context.server.items(field.crm.listKey, context.language);
    const choices = items.map(({ key, label }) => [key, `${label} – ${key}`]);
    return select(choices.some(([key]) => key === eq) || !eq ? choices : [...choices, [eq, eq]], eq || choices[0]?.[0]);
  }
  return typedValue({ eq });
}

function typedValue({ eq }) {
  const input = h("input", { type: "text", autocomplete: "off" });
  input.value = eq;
  return input;
}

function select(choices, value) {
  const element = h("select", {}, choices.map(([key, text]) => h("option", { value: key }, text)));
  element.value = value;
  return element;
}
