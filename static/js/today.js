// Today: a line that is dealt with leaves, the count goes down, and the next line has the focus.
const counted = (group, change) => {
  const count = group?.querySelector("[data-count]");
  if (count && /^\d+$/.test(count.textContent)) count.textContent = String(Number(count.textContent) + change);
};

document.addEventListener("htmx:beforeSwap", (event) => {
  const line = event.detail.target.closest?.(".today-line");
  if (!line || !event.detail.shouldSwap) return;
  const group = line.closest(".today-group");
  const lines = [...document.querySelectorAll(".today-line")];
  const next = lines[lines.indexOf(line) + 1] ?? lines[lines.indexOf(line) - 1];
  const hadFocus = line.contains(document.activeElement);
  counted(group, -1);
  requestAnimationFrame(() => {
    if (hadFocus || document.activeElement === document.body) next?.querySelector("a[href]")?.focus();
    if (group && !group.querySelector(".today-line")) group.hidden = true;
  });
});
