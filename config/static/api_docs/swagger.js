"use strict";

(() => {
  const container = document.getElementById("operations");
  SwaggerUIBundle({
    url: container.dataset.document,
    domNode: container,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    displayRequestDuration: true,
    // The badge would ask a foreign host; a token outlives no reload.
    validatorUrl: null,
    persistAuthorization: false,
  });
})();
