// Selection in a list: [data-select] boxes, [data-select-all], and the bar that appears with the count.
// A click anywhere on a [data-row-link] row that is not on a control opens its first link.
const boxes = () => [...document.querySelectorAll("[data-select]")];

const refresh = () => {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("[data-row]")?.classList.toggle("is-selected", box.checked);
  for (const everything of document.querySelectorAll("[data-select-all]")) {
    everything.checked = all.length > 0 && chosen.length === all.length;
    everything.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const bar = document.querySelector("[data-bulk-bar]");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  bar.querySelector("[data-bulk-count]").textContent = String(chosen.length);
};

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-select-all], [data-select]")) refresh();
});

// Enter in a box opens its row; left alone it would press the first button of the bar.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-select], [data-select-all]")) return;
  event.preventDefault();
  event.target.closest("[data-row]")?.querySelector("a[href]")?.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-select-none]")) {
    for (const box of boxes()) box.checked = false;
    refresh();
    return;
  }
  const row = event.target.closest("[data-row-link]");
  if (!row || event.target.closest("a, button, input, label, summary")) return;
  if (window.getSelection()?.toString()) return;
  const link = row.querySelector("a[href]");
  if (event.metaKey || event.ctrlKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

document.addEventListener("htmx:afterSettle", refresh);
refresh();
