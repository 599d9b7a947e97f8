// Saving: what would change in words and numbers, then the save, or what stands against it.

import { h, icon } from "./dom.js";
import { Impact } from "./impact.js";
import { merged } from "./merge.js";
import { Refusal } from "./server.js";
import { t } from "./text.js";

export class Review {
  #server;
  #data;
  #on;

  constructor(server, data, on) {
    this.#server = server;
    this.#data = data;
    this.#on = on;
  }

  /** Show what a save of `text` would change, and save it once that is accepted. */
  open(text, verdict) {
    const number = this.#data.token + 1;
    const save = h("button", { type: "button", class: "se-button se-button-main" }, t("Save version {number}", { number }));
    const problem = h("p", { class: "se-dialog-problem", role: "alert", hidden: true });
    const impact = new Impact(this.#server, this.#data.pages, { onSettled: (canSave) => { save.disabled = !canSave; } });
    const dialog = openDialog(t("What would change"), [
      changeList(verdict.changes),
      columnList(verdict.columns),
      verdict.rebuilds ? h("p", { class: "se-columns" }, t("Names and fast filters of what is stored follow in the background, within minutes of the save.")) : "",
      impact.element,
      problem,
    ], [save]);
    dialog.addEventListener("close", () => impact.stop());
    const refused = (error) => this.#refused(error, text, dialog, problem);
    save.addEventListener("click", async () => {
      save.disabled = true;
      problem.hidden = true;
      const sent = { schema: text, concurrencyToken: this.#data.token, acceptedCheck: impact.accepted };
      try {
        const answer = await this.#server.save(sent);
        dialog.close();
        this.#on.onSaved(answer);
      } catch (error) {
        save.disabled = false;
        await refused(error);
      }
    });
    const isCompatible = verdict.changes.every(({ effect }) => effect === "Compatible");
    if (isCompatible) save.focus();
    else impact.start({ schema: text, concurrencyToken: this.#data.token }).catch(refused);
  }

  /** A message that goes away by itself, read out by screen readers. */
  say(text) {
    const note = document.getElementById("note");
    note.replaceChildren(h("p", { class: "se-note" }, icon("check-circle"), text));
    window.setTimeout(() => note.replaceChildren(), 8000);
  }

  fail(error) {
    const note = document.getElementById("note");
    note.replaceChildren(h("p", { class: "se-note se-note-bad" }, icon("exclamation-octagon"), messageOf(error)));
  }

  /** What has failed before works again. */
  recovered() {
    document.querySelector("#note .se-note-bad")?.remove();
  }

  async #refused(error, text, dialog, problem) {
    if (error.subCode === "ConcurrencyConflict") {
      dialog.close();
      await this.#conflict(error.properties.concurrencyToken, text).catch((failure) => this.fail(failure));
    } else if (error.subCode === "SchemaInvalid") {
      dialog.close();
      this.#on.onProblems(error.properties.errors);
    } else {
      problem.hidden = false;
      problem.textContent = messageOf(error);
    }
  }

  /** Somebody else has saved since: what they changed, and how to go on. */
  async #conflict(token, text) {
    const version = await this.#server.version(token, this.#data.token);
    const both = merged(this.#data.schema, text, version.schema);
    const facts = {
      who: version.savedBy ?? t("Somebody"),
      number: version.concurrencyToken,
      when: new Date(version.savedAt).toLocaleString(this.#data.language, { timeZone: "UTC", timeZoneName: "short" }),
      old: this.#data.token,
    };
    const go = (next) => { dialog.close(); this.#on.onRebased(version, next); };
    const dialog = openDialog(t("Somebody else was faster"), [
      h("p", {}, t("{who} saved version {number} on {when}, after you had opened version {old}. Nothing of yours is saved or lost yet.", facts)),
      h("h3", {}, t("What they changed")),
      changeList(version.changes),
      both.conflicts.length ? h("div", { class: "se-warning" },
        h("p", {}, t("You both changed these; yours would count:")),
        h("ul", {}, both.conflicts.map((each) => h("li", {}, each)))) : "",
    ], [
      h("button", { type: "button", class: "se-button", onclick: () => go(version.schema) }, t("Drop mine, go on from theirs")),
      h("button", { type: "button", class: "se-button se-button-main", onclick: () => go(both.text) }, t("Apply mine on top of theirs")),
    ]);
  }
}

function openDialog(title, content, actions) {
  const dialog = h("dialog", { class: "se-dialog se-review", "aria-labelledby": "review-title" });
  const close = h("button", { type: "button", class: "se-button", onclick: () => dialog.close() }, t("Back to the editor"));
  dialog.append(h("div", { class: "se-dialog-form" },
    h("header", { class: "se-dialog-head" }, h("h2", { id: "review-title" }, title)),
    h("div", { class: "se-dialog-body se-review-body" }, content),
    h("footer", { class: "se-dialog-foot" }, close, actions)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const EFFECTS = { Breaking: "exclamation-triangle", Refused: "slash-circle", Compatible: "check2" };

function changeList(changes) {
  if (!changes.length) return h("p", { class: "se-help" }, t("Nothing that clients would notice."));
  return h("ul", { class: "se-changes" }, changes.map(({ text, effect, path }) =>
    h("li", { class: `se-change-${effect}` }, icon(EFFECTS[effect]), h("span", {}, text, path ? h("code", {}, path) : ""))));
}

const COLUMNS = { Added: "New columns of exports", Removed: "Columns that exports lose", Changed: "Columns of exports that mean something else" };

function columnList(columns) {
  return Object.entries(COLUMNS).map(([change, title]) => {
    const paths = columns.filter((column) => column.change === change).map(({ path }) => path);
    return paths.length ? h("p", { class: "se-columns" }, h("strong", {}, t(title)), " ", h("code", {}, paths.join(", "))) : "";
  });
}

const MESSAGES = {
  SignedOut: "The server cannot be reached, or you are signed out. Sign in in another window, then try again: your draft stays here.",
  FieldInUse: "A field that holds data cannot be renamed, moved or given another type.",
  BreakingChange: "Stored details stand against this. Close this window and check again.",
  CheckUnknown: "The check has expired. Close this window and check again.",
  CheckNotFinished: "The check has not finished.",
};

function messageOf(error) {
  if (!(error instanceof Refusal)) throw error;
  if (MESSAGES[error.subCode]) return t(MESSAGES[error.subCode]);
  if (error.status === 403) return t("You may no longer save schemas.");
  if (error.status === 413) return t("The schema is too large.");
  return error.message || t("Something went wrong. Try again; your draft stays here.");
}
