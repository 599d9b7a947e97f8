// The draft: one JSON text, what can be undone, and whether something would be lost.

const MOST_STEPS = 100;

export class Draft extends EventTarget {
  #text;
  #saved;
  #undo = [];
  #redo = [];

  constructor(saved, draft) {
    super();
    this.#saved = normal(saved);
    this.#text = normal(draft);
  }

  get text() { return this.#text; }
  get isDirty() { return this.#text !== this.#saved; }
  get canUndo() { return this.#undo.length > 0; }
  get canRedo() { return this.#redo.length > 0; }

  /** The draft as a schema; null while its text is no JSON object with components. */
  get schema() {
    return parsed(this.#text);
  }

  /** Take an edit; `origin` tells listeners which view need not be told. */
  set(text, origin) {
    const next = normal(text);
    if (next === this.#text) return;
    this.#undo.push(this.#text);
    if (this.#undo.length > MOST_STEPS) this.#undo.shift();
    this.#redo = [];
    this.#show(next, origin);
  }

  /** What the builder makes of an unchanged schema is no change. */
  settle(text) {
    if (!this.isDirty) this.#saved = normal(text);
    this.#text = normal(text);
  }

  undo() { this.#step(this.#undo, this.#redo); }
  redo() { this.#step(this.#redo, this.#undo); }

  /** The draft has become the saved version. */
  saved(text) {
    this.#saved = normal(text);
    this.#undo = [];
    this.#redo = [];
    this.#show(this.#saved, "saved");
  }

  /** Another version is the one to compare with; the draft stays. */
  rebase(saved, text) {
    this.#saved = normal(saved);
    this.set(text, "rebase");
  }

  #step(from, to) {
    if (!from.length) return;
    to.push(this.#text);
    this.#show(from.pop(), "step");
  }

  #show(text, origin) {
    this.#text = text;
    this.dispatchEvent(new CustomEvent("change", { detail: origin }));
  }
}

/** A text in one spelling, so that equal schemas are equal texts; as it is when it is no JSON. */
function normal(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function parsed(text) {
  try {
    const schema = JSON.parse(text);
    return Array.isArray(schema?.components) ? schema : null;
  } catch {
    return null;
  }
}
