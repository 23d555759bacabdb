// Runs before the first paint: without a chosen theme (a cookie) the page follows the system's.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];

  const apply = () => {
    root.dataset.theme = chosen || (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", apply);

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    apply();
    const body = new FormData(form);
    body.set("theme", chosen);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
})();
