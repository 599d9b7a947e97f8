// What a change means for what is stored: a check on the server, its progress, and what it found.

import { h, newId } from "./dom.js";
import { t } from "./text.js";

const POLL_MILLISECONDS = 400;
// Longer than a worker that is there lets a check wait.
const PATIENCE_MILLISECONDS = 10_000;
const RULES = {
  Required: "have no value here", Type: "have a value of another type", Format: "have a value of another format",
  Pattern: "do not match the pattern", MinLength: "have a text that is too short", MaxLength: "have a text that is too long",
  Minimum: "have a value below the minimum", Maximum: "have a value above the maximum", MinItems: "have too few entries",
  MaxItems: "have too many entries", UniqueItems: "have entries twice", UnknownField: "have a value that the schema no longer knows",
  NotInList: "have a value that is not in the list", InactiveItem: "have an item that is no longer in use",
  ListHierarchy: "have an item of another parent", Decimals: "have too many decimal places", Hidden: "would have the value hidden, and lose it with the next save",
  Removed: "have a value that nobody could read any more", Renamed: "have a value under the old key", Moved: "have a value in the old place",
  Retyped: "have a value of the old type", List: "have a value of the old list", Currency: "have an amount in the old currency",
  Revived: "have a value here of a field that was removed; it would count again",
  AliasMissing: "would have no value for what the field means to the product", AliasChanged: "would have another value for what the field means to the product",
  AliasFixed: "sign in with the email of another field",
};
const KINDS = { contact: "Contacts", legalEntity: "Legal entities" };

export class Impact {
  #server;
  #pages;
  #on;
  #checkId = null;
  #isStopped = false;
  #isBreaking = false;
  #startedAt = 0;
  #said = null;

  constructor(server, pages, on) {
    this.#server = server;
    this.#pages = pages;
    this.#on = on;
    this.element = h("section", { class: "se-impact", hidden: true, "aria-live": "polite" });
  }

  /** The check that a save names; null when none is needed. */
  get accepted() {
    return this.#isBreaking ? this.#checkId : null;
  }

  stop() {
    this.#isStopped = true;
  }

  /** Start the check and follow it to its end. */
  async start(sent) {
    this.#on.onSettled(false);
    this.element.hidden = false;
    this.#startedAt = Date.now();
    this.#showProgress({ checked: 0, total: 0 });
    ({ checkId: this.#checkId } = await this.#server.startCheck(sent));
    while (!this.#isStopped) {
      const check = await this.#server.check(this.#checkId).catch(unreached);
      if (check.status === "Finished") return this.#showResult(check);
      if (check.status === "Failed") return this.#showFailure();
      this.#showProgress(check);
      await new Promise((resolve) => { window.setTimeout(resolve, POLL_MILLISECONDS); });
    }
    return undefined;
  }

  #showProgress({ status, checked, total }) {
    const text = this.#progressText(status, checked, total);
    // Screen readers would read the same again and again.
    if (text === this.#said) return;
    this.#said = text;
    const bar = h("progress", { "aria-label": t("Progress of the check") });
    if (total) Object.assign(bar, { max: total, value: checked });
    this.element.replaceChildren(h("h3", {}, t("Impact")), bar, h("p", { class: "se-help" }, text));
  }

  #progressText(status, checked, total) {
    if (status === "Unreached") return t("The server cannot be reached, or you are signed out. Sign in in another window: the check goes on.");
    if (total) return t("Checked {checked} of {total} stored details", { checked, total });
    const isLate = status === "Queued" && Date.now() - this.#startedAt > PATIENCE_MILLISECONDS;
    return isLate
      ? t("The check still waits for its turn. If that does not change, the background jobs may have stopped: tell those who run the system. You can close this window; your draft stays.")
      : t("Checking what is stored…");
  }

  #showFailure() {
    this.element.replaceChildren(h("h3", {}, t("Impact")),
      h("p", { class: "se-dialog-problem" }, t("The check could not be finished. Close this window and try again.")));
  }

  #showResult(check) {
    this.#isBreaking = check.isBreaking;
    this.element.replaceChildren(
      h("h3", {}, t("Impact")),
      check.findings.length ? findingTable(check.findings, this.#pages) : h("p", { class: "se-fine-here" }, t("No stored details stand against this.")),
      ...requests(check.requests, this.#pages.changeRequest),
      this.#decision(check),
    );
  }

  #decision({ isRefused, isBreaking }) {
    if (isRefused) {
      return h("p", { class: "se-dialog-problem" }, t("A field that holds data cannot be renamed, moved or given another type."));
    }
    this.#on.onSettled(!isBreaking);
    if (!isBreaking) return "";
    const box = h("input", { type: "checkbox", id: newId("accept") });
    box.addEventListener("change", () => this.#on.onSettled(box.checked));
    return h("div", { class: "se-warning se-accept" }, box,
      h("label", { for: box.id }, t("I have read this and accept it. Stored details stay as they are; the next change of each must fit the new schema.")));
  }
}

/** The check goes on without us, and may be found again. */
function unreached(error) {
  if (error.subCode !== "SignedOut") throw error;
  return { status: "Unreached", checked: 0, total: 0 };
}

function findingTable(findings, pages) {
  const head = [t("How many"), t("What"), t("First ids")];
  return h("table", { class: "se-findings" },
    h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, findings.map((finding) => h("tr", {},
      h("td", { class: "se-number" }, finding.count.toLocaleString(document.documentElement.lang)),
      h("td", {}, t(KINDS[finding.kind] ?? finding.kind), " ", t(RULES[finding.rule] ?? finding.rule), h("code", {}, finding.path)),
      h("td", { class: "se-ids" }, idList(finding.ids, pages[finding.kind]))))));
}

/** Ids that lead to their pages, which open beside the editor: the draft must not be lost. */
function idList(ids, page) {
  const links = ids.map((id) => (page ? h("a", { href: page.replace("/0/", `/${id}/`), target: "_blank", rel: "noopener" }, String(id)) : String(id)));
  return links.flatMap((link, index) => (index ? [", ", link] : [link]));
}

function requests({ superseded, affected }, page) {
  const line = (ids, text) => (ids.length ? h("p", {}, t(text, { count: ids.length }), " ", h("span", { class: "se-ids" }, idList(ids.slice(0, 20), page))) : "");
  return [
    line(superseded, "Pending change requests that would end, because what they ask for is no longer possible: {count}."),
    line(affected, "Pending change requests that touch what changes: {count}."),
  ];
}
