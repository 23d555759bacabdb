// Runs before the first paint: without a chosen theme the page follows the system's.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.theme = root.dataset.chosenTheme || (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", apply);

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    root.dataset.chosenTheme = root.dataset.theme === "dark" ? "light" : "dark";
    apply();
    const body = new FormData(form);
    body.set("theme", root.dataset.chosenTheme);
    fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  });
})();
