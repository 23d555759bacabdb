// The palette (⌘K or Ctrl K): type, arrow keys, Enter.
const dialog = document.getElementById("palette");

if (dialog) {
  const input = dialog.querySelector("input");
  const results = dialog.querySelector("[role=listbox]");
  const options = () => [...results.querySelectorAll("[role=option]")];
  const selected = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  const select = (index) => {
    options().forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      option.id = `palette-option-${at}`;
      if (at === index) {
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      }
    });
  };

  const open = () => {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    input.focus();
    input.dispatchEvent(new Event("palette-open"));
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  dialog.addEventListener("keydown", (event) => {
    const count = options().length;
    if (!count) return;
    if (event.key === "ArrowDown") select((selected() + 1) % count);
    else if (event.key === "ArrowUp") select((selected() - 1 + count) % count);
    else if (event.key === "Enter" && !event.isComposing) options()[selected()]?.click();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("submit", (event) => event.preventDefault());
  results.addEventListener("htmx:afterSettle", () => select(0));
}
