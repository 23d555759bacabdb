// Today: a line that is dealt with leaves, the count goes down, and the next line has the focus.
const LINE = ".today-line";

const leave = (line) => {
  const group = line.closest(".today-group");
  const all = [...document.querySelectorAll(LINE)];
  const at = all.indexOf(line);
  const hadFocus = line.contains(document.activeElement);
  line.remove();
  const count = group.querySelector("[data-count]");
  if (/^\d+$/.test(count.textContent)) count.textContent = String(Number(count.textContent) - 1);
  group.hidden = !group.querySelector(LINE);
  if (hadFocus) (all[at + 1] ?? all[at - 1])?.querySelector("a[href]")?.focus();
};

document.addEventListener("htmx:afterRequest", (event) => {
  const line = event.detail.elt.closest?.(LINE);
  if (line && event.detail.successful) leave(line);
});
