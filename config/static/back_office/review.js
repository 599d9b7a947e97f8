// Pages that decide. Shortcuts: a letter does what the element with that data-shortcut does; not
// while somebody types, and never together with another key.
(() => {
  const typing = (element) =>
    element.closest('textarea, select, input:not([type="radio"], [type="checkbox"])');

  // Who dictates, or hits keys by mistake, can switch the letters off; this browser remembers it.
  const box = document.getElementById("shortcuts-on");
  if (box) {
    box.checked = localStorage.getItem("shortcuts") !== "off";
    box.disabled = false;
    box.addEventListener("change", () => localStorage.setItem("shortcuts", box.checked ? "on" : "off"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      document.activeElement.blur();
    } else if (typing(event.target) || (box && !box.checked)) {
      return;
    }
    const key = event.key === "Escape" ? "escape" : event.key.toLowerCase();
    const targets = document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`);
    const target = [...targets].find((each) => each.offsetParent !== null);
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea")) target.focus();
    else target.click();
  });

  // One decision is sent once, however often somebody clicks; a page that comes back starts anew.
  const form = document.querySelector(".bo form[method=post]");
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.formMethod === "dialog") return;
    if (form.hasAttribute("aria-busy")) event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => form?.removeAttribute("aria-busy"));

  // A question that opens takes the focus, so that Enter answers it: as soon as it is shown, unless
  // something else was clicked meanwhile.
  let question = null;
  const focusOnceShown = () => {
    if (!question) return;
    if (question.offsetParent === null) {
      requestAnimationFrame(focusOnceShown);
      return;
    }
    question.focus();
    question = null;
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-focus]");
    question = opener && document.getElementById(opener.dataset.focus);
    requestAnimationFrame(focusOnceShown);
  });
})();
