"use strict";

// Loaded before Redoc, which breaks the page's policy in two ways unless it is helped.
(() => {
  const container = document.getElementById("reference");
  const createElement = document.createElement;

  document.createElement = function createAdmitted(name, options) {
    // The only image is its maker's logo on a foreign host; a span asks nobody for it.
    const element = createElement.call(this, name === "img" ? "span" : name, options);
    if (element instanceof HTMLStyleElement) {
      // Styles made in the browser count only with the page's nonce.
      element.nonce = container.dataset.styleNonce;
    }
    return element;
  };

  const font = { fontFamily: "system-ui, sans-serif" };
  const options = {
    // Its search needs a worker from a blob, which the policy refuses.
    disableSearch: true,
    theme: { typography: { ...font, headings: font } },
  };
  document.addEventListener("DOMContentLoaded", () => {
    Redoc.init(container.dataset.document, options, container);
  });
})();
