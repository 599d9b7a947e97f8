// The inputs of the preview, one per field type of the contract.

import { h, newId } from "./dom.js";
import { t } from "./text.js";

const TYPES = { Email: "email", Phone: "tel", Url: "url", Date: "date", DateTime: "datetime-local" };
const NUMBERS = { Integer: "", Decimal: "", Percent: "%", Currency: null };

/** An input for a field; `data-labelled` names what its label is for. */
export function valueInput(data, context) {
  const id = newId("preview");
  const shared = { id, disabled: data.isReadOnly, placeholder: data.placeholder ?? null };
  const element = made(data, shared, context);
  element.dataset.labelled = id;
  return element;
}

function made(data, shared, context) {
  if (data.fieldType === "Boolean") {
    const input = h("input", { ...shared, type: "checkbox" });
    input.checked = context.value === true;
    input.addEventListener("change", () => context.change(input.checked));
    return input;
  }
  if (data.fieldType === "List" || data.fieldType === "MultiList") return list(data, shared, context);
  if (data.fieldType === "TextArea" || data.fieldType === "Array") return area(data, shared, context);
  if (data.fieldType in NUMBERS) return number(data, shared, context);
  const input = h("input", { ...shared, type: TYPES[data.fieldType] ?? "text" });
  input.value = context.value ?? "";
  input.addEventListener("input", () => context.change(input.value || undefined));
  return input;
}

function area(data, shared, context) {
  const isSeveral = data.fieldType === "Array";
  const placeholder = shared.placeholder ?? (isSeveral ? t("One value per line") : null);
  const input = h("textarea", { ...shared, placeholder, rows: 3 });
  input.value = isSeveral ? (context.value ?? []).join("\n") : context.value ?? "";
  input.addEventListener("input", () =>
    context.change(isSeveral ? input.value.split("\n").filter(Boolean) : input.value || undefined));
  return input;
}

function number(data, shared, context) {
  const decimals = data.validations.decimal;
  const step = data.fieldType === "Integer" ? 1 : decimals === null ? "any" : 10 ** -decimals;
  const input = h("input", { ...shared, type: "number", step: String(step) });
  input.value = context.value ?? "";
  input.addEventListener("input", () => context.change(input.value === "" ? undefined : input.valueAsNumber));
  const unit = NUMBERS[data.fieldType] ?? data.currency;
  return unit ? h("span", { class: "se-p-unit" }, input, h("span", {}, unit)) : input;
}

// A form may have hundreds of long lists, of which a few are seen.
const fillOnSight = new WeakMap();
const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    fillOnSight.get(target)();
  }
}, { rootMargin: "200px" });

function whenSeen(element, fill) {
  fillOnSight.set(element, fill);
  sight.observe(element);
}

function list(data, shared, context) {
  const isSeveral = data.fieldType === "MultiList";
  const input = h("select", { ...shared, multiple: isSeveral, size: isSeveral ? 4 : 1 });
  const fill = async () => {
    // Who is signed out learns so from the verdict; the next one fills the list.
    const items = await context.items(data.listKey).catch(() => []);
    const parent = context.parent();
    const fitting = data.listHierarchyFilterKey ? items.filter(({ parentKey }) => parentKey === parent) : items;
    const chosen = [context.value ?? []].flat();
    input.replaceChildren(
      ...(isSeveral ? [] : [h("option", { value: "" }, data.placeholder ?? "")]),
      ...fitting.map(({ key, label }) => h("option", { value: key, selected: chosen.includes(key) }, label)),
    );
  };
  whenSeen(input, fill);
  context.root.addEventListener("parentchange", (event) => {
    if (input.isConnected && event.detail === data.listHierarchyFilterKey) fill();
  });
  input.addEventListener("change", () => {
    const keys = [...input.selectedOptions].map(({ value }) => value).filter(Boolean);
    context.value = isSeveral ? keys : keys[0];
    context.change(context.value);
  });
  return input;
}
