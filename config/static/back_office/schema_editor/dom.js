// Small helpers over the document. Texts become text nodes, so nothing that is typed is ever markup.

/** An element: `h("button", {class: "x", onclick: f, "aria-label": "…"}, "text", otherElement)`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string" && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** `text` for markup that is put together as a string: only where Form.io asks for strings. */
export function escaped(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text ?? "").replace(/[&<>"']/g, (character) => entities[character]);
}

export function icon(name) {
  return h("i", { class: `bi bi-${name}`, "aria-hidden": "true" });
}

let made = 0;

/** An id that no other element of the page has. */
export function newId(prefix) {
  made += 1;
  return `${prefix}-${made}`;
}

/** `action`, but only once it has not been asked for during `milliseconds`. */
export function debounced(action, milliseconds) {
  let timer = 0;
  return (...values) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => action(...values), milliseconds);
  };
}
