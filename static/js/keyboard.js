// Keys outside form fields: g then a letter goes to a page, / searches, ? lists the keys,
// j k move through [data-row]s, x selects, Enter opens; [data-key="a"] buttons answer to their letter,
// [data-row-key="a"] ones where their row has the focus. A page that stands in a list of pages ([data-step]) is left
// for the next one, unless one of its own rows has the focus.
const GO_MILLISECONDS = 900;
let goPressedAt = -Infinity; // the page itself is younger than GO_MILLISECONDS at first

// A field of a dialog that was closed keeps the focus until the next frame: what is pressed then is not for it.
const isTyping = (element) =>
  element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") && element.checkVisibility();
const rows = () => [...document.querySelectorAll("[data-row]")];

const go = (letter) => {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) link.click();
  return Boolean(link);
};

const move = (step) => {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  if (here < 0 && document.querySelector("[data-step]")) return document.querySelector(`[data-step="${step}"]`)?.click();
  if (!all.length) return;
  const current = here >= 0 ? here : all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = all[Math.max(0, Math.min(all.length - 1, current + step))];
  const link = next.querySelector("a[href]");
  link?.focus();
  if (next.hasAttribute("data-row-opens")) link?.click();
};

const toggleSelection = () => {
  const row = document.activeElement.closest("[data-row]");
  row?.querySelector("input[type=checkbox]")?.click();
};

const commands = {
  j: () => move(1),
  k: () => move(-1),
  x: toggleSelection,
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys-dialog")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;

  const goIsPending = performance.now() - goPressedAt < GO_MILLISECONDS;
  goPressedAt = -Infinity;
  if (goIsPending && go(event.key)) return event.preventDefault();
  if (event.key === "g") {
    goPressedAt = performance.now();
    return;
  }
  const command = commands[event.key];
  if (command) {
    event.preventDefault();
    return command();
  }
  const letter = /^[a-z]$/.test(event.key);
  const inRow = letter && document.activeElement.closest("[data-row]")?.querySelector(`[data-row-key="${event.key}"]`);
  const button = inRow || (letter && document.querySelector(`[data-key="${event.key}"]:not([disabled])`));
  if (button) {
    event.preventDefault();
    button.click();
  }
});
