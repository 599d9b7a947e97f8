// The editor: one draft, two views that change it, and what the server says about it.

import { Canvas } from "./canvas.js";
import { editInDialog } from "./dialog.js";
import { debounced, h, icon } from "./dom.js";
import { Draft } from "./draft.js";
import { JsonView } from "./json_view.js";
import { Preview } from "./preview.js";
import { errorsAt, problemList, titleOf } from "./problems.js";
import { Review } from "./review.js";
import { Server } from "./server.js";
import { makeTabs } from "./tabs.js";
import { t, useTexts } from "./text.js";
import { isDrawable } from "./tree.js";

class Editor {
  #data = JSON.parse(document.getElementById("editor-data").textContent);
  #server;
  #draft;
  #canvas = null;
  #canvasText = null;
  #json;
  #preview;
  #review;
  #verdict = { errors: [], fields: [], layout: [] };
  #asked = 0;
  #shownErrors = null;
  #parts = {};

  async start() {
    const data = this.#data;
    useTexts(data.texts);
    this.#server = new Server(data.urls, data.csrfToken);
    this.#draft = new Draft(data.schema, data.draft);
    this.#json = new JsonView(this.#draft);
    this.#review = new Review(this.#server, data, {
      onSaved: (answer) => this.#saved(answer),
      onRebased: (version, text) => this.#rebased(version, text),
      onProblems: (errors) => this.#showProblems(errors),
    });
    this.#build();
    this.#draft.addEventListener("change", ({ detail }) => this.#changed(detail));
    window.addEventListener("beforeunload", (event) => {
      if (this.#draft.isDirty) event.preventDefault();
    });
    document.addEventListener("keydown", (event) => this.#shortcut(event));
    await this.#showCanvas();
    await this.#judge();
    document.body.dataset.ready = "true";
  }

  #build() {
    const part = (id) => document.getElementById(id);
    const canvas = h("div", { id: "canvas", class: "se-canvas" });
    const broken = h("p", { class: "se-broken", hidden: true, role: "status" },
      t("The text is no schema that can be drawn. Repair it in the JSON view first."));
    this.#parts = { canvas, broken, state: part("state"), undo: part("undo"), redo: part("redo"), save: part("save") };

    this.#parts.views = makeTabs(t("Views"), [
      { key: "builder", title: [icon("grid-1x2"), t("Builder")], content: [broken, canvas] },
      { key: "json", title: [icon("braces"), "JSON"], content: this.#json.element },
    ], { onSelect: (key) => this.#viewSelected(key) });
    part("views").append(this.#parts.views.list, ...this.#parts.views.panels);

    const form = h("div", {});
    this.#preview = new Preview(form, this.#server);
    const language = h("select", { id: "preview-language" },
      this.#data.languages.map(({ code, name }) => h("option", { value: code, selected: code === this.#data.language }, name)));
    language.addEventListener("change", () => this.#judge());
    const problems = h("div", {});
    const stale = h("p", { class: "se-broken", hidden: true, role: "status" },
      t("The draft has problems. This is how the form was before."));
    Object.assign(this.#parts, { language, problems, stale });
    this.#parts.side = makeTabs(t("Preview and problems"), [
      { key: "preview", title: [icon("eye"), t("Preview")], content: [
        h("div", { class: "se-preview-head" }, h("label", { for: "preview-language" }, t("Shown in")), language), stale, form] },
      { key: "problems", title: [icon("exclamation-triangle"), t("Problems"), h("span", { class: "se-count" })], content: problems },
    ]);
    part("side").append(this.#parts.side.list, ...this.#parts.side.panels);

    this.#parts.undo.addEventListener("click", () => this.#draft.undo());
    this.#parts.redo.addEventListener("click", () => this.#draft.redo());
    this.#parts.save.addEventListener("click", () => this.#save());
    this.#showState();
  }

  async #showCanvas() {
    const schema = this.#draft.schema;
    const isFine = schema !== null && isDrawable(schema);
    this.#parts.broken.hidden = isFine;
    this.#parts.canvas.hidden = !isFine;
    if (!isFine || this.#canvasText === this.#draft.text) return;
    if (this.#canvas) {
      await this.#canvas.load(schema);
    } else {
      const edit = (component, context) => this.#edit(component, context);
      this.#canvas = await Canvas.create(this.#parts.canvas, schema, { vendor: this.#data.vendor, edit });
      this.#canvas.addEventListener("change", () => this.#draft.set(JSON.stringify(this.#canvas.read()), "builder"));
      if (!this.#draft.isDirty) this.#draft.settle(JSON.stringify(this.#canvas.read()));
    }
    this.#canvasText = this.#draft.text;
    this.#canvas.mark(this.#verdict.errors);
  }

  #edit(component, context) {
    const { errors } = this.#verdict;
    const schema = this.#canvas.read();
    const own = context.isNew ? [] : errorsAt(schema, errors, context.place);
    return editInDialog(component, { ...this.#data, ...context, schema, errors: own, titleOf, server: this.#server });
  }

  #changed(origin) {
    if (origin === "builder") this.#canvasText = this.#draft.text;
    else if (this.#isBuilderShown()) this.#showCanvas();
    if (origin !== "json") this.#json.show();
    this.#showState();
    document.body.setAttribute("aria-busy", "true");
    this.#judgeSoon();
  }

  #judgeSoon = debounced(() => this.#judge(), 300);

  /** What the server thinks of the draft; null if it did not say. Only the latest is shown. */
  async #judge() {
    this.#asked += 1;
    const asked = this.#asked;
    const language = this.#parts.language.value;
    const verdict = await this.#server.judge(this.#draft.text, language).catch((error) => {
      this.#review.fail(error);
      return null;
    });
    if (verdict !== null && asked === this.#asked) {
      this.#review.recovered();
      this.#verdict = verdict;
      this.#showVerdict(language);
    }
    if (asked === this.#asked) document.body.removeAttribute("aria-busy");
    return verdict;
  }

  #showVerdict(language) {
    const { errors } = this.#verdict;
    this.#parts.stale.hidden = !errors.length;
    if (!errors.length) this.#preview.draw(this.#verdict, language);
    this.#showProblems(errors, { isQuiet: true });
  }

  #showProblems(errors, { isQuiet = false } = {}) {
    const lead = {
      open: (error) => this.#isBuilderShown() && !this.#parts.canvas.hidden ? this.#canvas.open(error.path) : this.#showText(error),
      showText: (error) => this.#showText(error),
    };
    // Drawing the same list again would take the focus from it.
    const shown = JSON.stringify(errors);
    if (shown !== this.#shownErrors) this.#parts.problems.replaceChildren(problemList(this.#draft.schema, errors, lead));
    this.#shownErrors = shown;
    const count = this.#parts.side.button("problems").querySelector(".se-count");
    count.textContent = errors.length ? String(errors.length) : "";
    this.#canvas?.mark(errors);
    if (isQuiet) return;
    this.#parts.side.select("problems");
    this.#parts.problems.querySelector("button")?.focus();
  }

  #showText(error) {
    this.#parts.views.select("json");
    this.#json.select(error.path);
  }

  #isBuilderShown() {
    return this.#parts.views?.button("builder").getAttribute("aria-selected") === "true";
  }

  #viewSelected(key) {
    if (!this.#parts.views) return;
    if (key === "json") this.#json.show();
    else { this.#json.flush(); this.#showCanvas(); }
  }

  #showState() {
    const { isDirty, canUndo, canRedo } = this.#draft;
    this.#parts.state.textContent = isDirty ? t("Unsaved changes") : t("Saved");
    this.#parts.state.classList.toggle("se-dirty", isDirty);
    this.#parts.undo.disabled = !canUndo;
    this.#parts.redo.disabled = !canRedo;
    this.#parts.save.disabled = !isDirty;
    document.getElementById("version").textContent = t("Version {number}", { number: this.#data.token });
  }

  async #save() {
    this.#json.flush();
    const verdict = await this.#judge();
    if (verdict === null) return;
    if (verdict.errors.length) this.#showProblems(verdict.errors);
    else await this.#review.open(this.#draft.text, verdict);
  }

  #saved({ concurrencyToken, schema }) {
    Object.assign(this.#data, { token: concurrencyToken, schema });
    this.#draft.saved(schema);
    this.#showState();
    this.#review.say(t("Version {number} is saved and in effect.", { number: concurrencyToken }));
  }

  /** Somebody else was faster: go on from the newest version with `text` as the draft. */
  #rebased({ concurrencyToken, schema }, text) {
    Object.assign(this.#data, { token: concurrencyToken, schema });
    this.#draft.rebase(schema, text);
    this.#showState();
  }

  #shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
    if (event.key === "s") {
      event.preventDefault();
      this.#json.flush();
      if (this.#draft.isDirty) this.#save();
    }
    // A text box undoes its own typing.
    if (event.target.closest("textarea, input")) return;
    if (event.key === "z" && !event.shiftKey) this.#draft.undo();
    else if (event.key === "y" || event.key === "Z") this.#draft.redo();
    else return;
    event.preventDefault();
  }
}

new Editor().start();
