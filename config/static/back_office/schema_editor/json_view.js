// The schema as text. Everything that the builder does can be done here with the keyboard alone.

import { debounced, h, newId } from "./dom.js";
import { t } from "./text.js";

export class JsonView {
  #area;
  #message;
  #draft;

  constructor(draft) {
    this.#draft = draft;
    const id = newId("json");
    this.#area = h("textarea", {
      id, class: "se-json", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off",
      "aria-describedby": `${id}-help`,
    });
    this.#message = h("p", { class: "se-json-message", role: "status" });
    this.#area.addEventListener("input", debounced(() => this.#take(), 400));
    this.element = h("div", { class: "se-json-view" },
      h("label", { for: id }, t("Schema as JSON")),
      h("p", { class: "se-help", id: `${id}-help` },
        t("Everything can be edited here. Problems are listed beside it; each leads to its component.")),
      this.#area, this.#message);
  }

  /** Show the draft, unless it is this view that changes it. */
  show() {
    if (document.activeElement === this.#area) return;
    this.#area.value = pretty(this.#draft.text);
    this.#message.textContent = "";
  }

  /** Take what was typed at once, before something else reads the draft. */
  flush() {
    if (this.#area.value && this.#area.value !== pretty(this.#draft.text)) this.#take();
  }

  /** Select the component of a place in the text. */
  select(place) {
    const [from, to] = rangeOf(this.#area.value, place);
    this.#area.focus();
    this.#area.setSelectionRange(from, to);
    const line = this.#area.value.slice(0, from).split("\n").length;
    const height = this.#area.scrollHeight / this.#area.value.split("\n").length;
    this.#area.scrollTop = Math.max(0, (line - 4) * height);
  }

  #take() {
    const problem = syntaxProblem(this.#area.value);
    this.#message.textContent = problem ?? "";
    this.#draft.set(this.#area.value, "json");
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Where a text stops being JSON, in words; null when it is. */
function syntaxProblem(text) {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const position = /position (\d+)/.exec(error.message)?.[1];
    if (position === undefined) return t("This is not JSON yet.");
    const before = text.slice(0, Number(position)).split("\n");
    return t("This is not JSON yet: line {line}, column {column}.", {
      line: before.length,
      column: before.at(-1).length + 1,
    });
  }
}

/** The characters of the value at a place: a walk over the text that skips strings. */
export function rangeOf(text, place) {
  let position = 0;
  let range = [0, 0];
  for (const step of place.match(/[^.[\]]+/g) ?? []) {
    const found = memberRange(text, position, step);
    if (!found) break;
    range = found;
    [position] = found;
  }
  return range;
}

function memberRange(text, start, step) {
  const isArray = text[start] === "[";
  let from = text.slice(start).search(/[[{]/) + start;
  let index = 0;
  from += 1;
  while (from < text.length) {
    from = skipSpace(text, from);
    if (text[from] === "]" || text[from] === "}") return null;
    let name = String(index);
    if (!isArray && text[start] === "{") {
      const end = valueEnd(text, from);
      name = JSON.parse(text.slice(from, end));
      from = skipSpace(text, skipSpace(text, end) + 1);
    }
    const end = valueEnd(text, from);
    if (name === step) return [from, end];
    from = skipSpace(text, end);
    if (text[from] !== ",") return null;
    from += 1;
    index += 1;
  }
  return null;
}

function skipSpace(text, position) {
  let at = position;
  while (/\s/.test(text[at] ?? "")) at += 1;
  return at;
}

/** The position after the value that starts at `position`. */
function valueEnd(text, position) {
  let depth = 0;
  for (let at = position; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      for (at += 1; text[at] !== '"' && at < text.length; at += 1) if (text[at] === "\\") at += 1;
    } else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      if (depth === 0) return at;
      depth -= 1;
    } else if (depth === 0 && (character === "," || character === ":")) return at;
    if (depth === 0 && /["}\]]/.test(text[at])) return at + 1;
  }
  return text.length;
}
