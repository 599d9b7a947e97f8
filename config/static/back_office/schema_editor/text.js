// Texts in the reader's language. English texts are their own keys; the server sends the others.

let catalogue = {};

export function useTexts(texts) {
  catalogue = texts;
}

/** `text` in the reader's language, with `{name}` replaced by the values of that name. */
export function t(text, values = {}) {
  const found = Object.hasOwn(catalogue, text) ? catalogue[text] : text;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
