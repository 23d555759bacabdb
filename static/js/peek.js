// A client or prospect beside the list: Space on a row or its [data-peek] button opens the panel, arrows go through the rows,
// Esc or Space closes it. On a phone there is no room beside the list, so the page itself opens.
const panel = document.getElementById("peek");
const narrow = window.matchMedia("(max-width: 900px)");
let shown = null; // the link of the row that the panel shows
let asked = 0;

const linkOf = (row) => row?.querySelector("a[href]");
const rows = () => [...document.querySelectorAll(".list [data-row]")];
const rowShown = () => rows().find((row) => linkOf(row)?.href === shown);

const mark = () => {
  for (const row of rows()) row.classList.toggle("is-peeked", !panel.hidden && linkOf(row)?.href === shown);
};

const close = () => {
  panel.hidden = true;
  panel.replaceChildren();
  mark();
  shown = null;
};

const open = async (row) => {
  const link = linkOf(row);
  if (!link) return;
  if (narrow.matches) return link.click();
  link.focus();
  shown = link.href;
  const turn = ++asked;
  const url = new URL(link.href);
  url.pathname += "peek/";
  panel.hidden = false;
  panel.setAttribute("aria-busy", "true");
  mark();
  try {
    const answer = await fetch(url, { redirect: "error", headers: { "HX-Request": "true" } });
    if (turn !== asked) return; // somebody went on meanwhile
    if (!answer.ok) return close();
    panel.innerHTML = await answer.text();
    panel.scrollTop = 0;
    window.htmx?.process(panel);
  } catch {
    close();
  } finally {
    panel.removeAttribute("aria-busy");
  }
};

const step = (by) => {
  const all = rows();
  const next = all[all.indexOf(rowShown()) + by];
  if (next) open(next);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-peek]");
  if (button) open(button.closest("[data-row]"));
  if (event.target.closest("[data-peek-close]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
  const inRow = event.target.closest(".list [data-row]");
  const isOpen = !panel.hidden;
  if (event.key === " " && inRow && event.target.matches("a")) {
    event.preventDefault();
    if (isOpen && linkOf(inRow).href === shown) close();
    else open(inRow);
  } else if (isOpen && ["ArrowDown", "ArrowUp"].includes(event.key) && !event.target.closest("input, select, textarea, details")) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (isOpen && event.key === "Escape") close();
});
document.addEventListener("htmx:afterSettle", mark);
