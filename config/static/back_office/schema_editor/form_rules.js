// What a client of the metadata decides by itself: what is shown, and whether a value will do.

import { t } from "./text.js";

/** Hidden is `isHidden` XOR (the value of `when` equals `eq`); a hidden field has no value. */
export function isShown(data, valueOf, byKey) {
  const { isHidden, toggleHidden } = data;
  if (!toggleHidden) return !isHidden;
  const field = byKey.get(toggleHidden.when);
  const value = field && isShown(field, valueOf, byKey) ? valueOf(toggleHidden.when) : undefined;
  return isHidden === equals(value, toggleHidden.eq, field);
}

function equals(value, eq, field) {
  if (field?.fieldType === "Boolean") return String(value ?? false) === eq;
  if (value === undefined || value === "") return false;
  if (Array.isArray(value)) return value.map(String).includes(eq);
  if (typeof value === "number") return value === Number(eq);
  return String(value) === eq;
}

/** What is wrong with a value, in words; null when nothing is. */
export function problemOf(data, value) {
  const rules = data.validations;
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && !value.length) || value === false;
  if (isEmpty) return data.isRequired ? t("A value is required.") : null;
  if (typeof value === "number") {
    if (rules.minValue !== null && value < rules.minValue) return t("At least {value}", { value: rules.minValue });
    if (rules.maxValue !== null && value > rules.maxValue) return t("At most {value}", { value: rules.maxValue });
    if (data.fieldType === "Integer" && !Number.isInteger(value)) return t("Whole numbers only");
  }
  return typeof value === "string" ? problemOfText(rules, value) : null;
}

function problemOfText(rules, value) {
  const length = [...value].length;
  if (rules.minLength !== null && length < rules.minLength) return t("At least {value} characters", { value: rules.minLength });
  if (rules.maxLength !== null && length > rules.maxLength) return t("At most {value} characters", { value: rules.maxLength });
  if (rules.minDate && value < rules.minDate.slice(0, 10)) return t("At least {value}", { value: rules.minDate.slice(0, 10) });
  if (rules.maxDate && value > rules.maxDate.slice(0, 10)) return t("At most {value}", { value: rules.maxDate.slice(0, 10) });
  if (rules.regularExpression && !new RegExp(rules.regularExpression, "u").test(value)) {
    return t("The value does not match the pattern.");
  }
  return null;
}
