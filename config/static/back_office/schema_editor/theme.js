// The theme that the reader has chosen in the back office, before anything is drawn.

{
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return JSON.parse(window.localStorage.getItem("adminTheme")) ?? "auto";
    } catch {
      return "auto";
    }
  }

  function show() {
    const isDark = chosen() === "dark" || (chosen() === "auto" && prefersDark.matches);
    document.documentElement.dataset.bsTheme = isDark ? "dark" : "light";
  }

  prefersDark.addEventListener("change", show);
  window.addEventListener("storage", show);
  show();
}
