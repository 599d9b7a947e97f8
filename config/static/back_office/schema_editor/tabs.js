// Tabs as the ARIA practices have them: one stop for the Tab key, arrows to change.

import { h, newId } from "./dom.js";

/** `panels`: `[{title, content, key}]`. Returns `{list, panels, select(key), button(key)}`. */
export function makeTabs(label, panels, { onSelect = () => {} } = {}) {
  const list = h("div", { role: "tablist", class: "se-tabs", "aria-label": label });
  const entries = panels.map(({ key, title, content }) => {
    const id = newId("tab");
    const button = h("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel` }, title);
    const panel = h(
      "div",
      { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, class: "se-tab-panel", tabindex: "-1" },
      content,
    );
    button.addEventListener("click", () => select(key));
    list.append(button);
    return { key, button, panel };
  });

  function select(key) {
    for (const entry of entries) {
      const isCurrent = entry.key === key;
      entry.button.setAttribute("aria-selected", String(isCurrent));
      entry.button.tabIndex = isCurrent ? 0 : -1;
      entry.panel.hidden = !isCurrent;
    }
    onSelect(key);
  }

  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const current = entries.findIndex(({ button }) => button.tabIndex === 0);
    const next = entries[(current + step + entries.length) % entries.length];
    select(next.key);
    next.button.focus();
    event.preventDefault();
  });
  select(panels[0].key);
  return {
    list,
    panels: entries.map(({ panel }) => panel),
    select,
    button: (key) => entries.find((entry) => entry.key === key).button,
  };
}
