// Rows of a form that people add, remove and put in order: [data-rows] holds [data-one-row]s and a <template>. With the
// keyboard: Alt+↑ and Alt+↓ move the row that has the focus, as do its buttons; Enter in a row adds the next one.
const say = (list, text) => (list.querySelector("[data-rows-said]").textContent = text);
const rowsOf = (list) => [...list.querySelectorAll("[data-one-row]")];

const number = (list) =>
  rowsOf(list).forEach((row, place, all) => {
    const named = row.querySelector("[data-row-place]");
    if (named) named.textContent = place + 1;
    for (const field of row.querySelectorAll("input, select")) {
      if (field.dataset.label) field.setAttribute("aria-label", `${field.dataset.label} ${place + 1}`);
    }
    row.querySelector("[data-row-up]").disabled = place === 0;
    row.querySelector("[data-row-down]").disabled = place === all.length - 1;
  });

const add = (list, after = null) => {
  const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
  if (after) after.after(row);
  else list.querySelector("[data-rows-of]").append(row);
  number(list);
  row.querySelector("input, select").focus();
};

const move = (list, row, up) => {
  const next = up ? row.previousElementSibling : row.nextElementSibling;
  if (!next) return;
  const focused = document.activeElement;
  up ? next.before(row) : next.after(row);
  number(list);
  (focused.disabled ? row.querySelector("input, select") : focused).focus();
  say(list, list.dataset.movedText.replace("{place}", rowsOf(list).indexOf(row) + 1));
};

const remove = (list, row) => {
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  number(list);
  (beside?.querySelector("input, select") ?? list.querySelector("[data-rows-add]")).focus();
  say(list, list.dataset.removedText);
};

document.addEventListener("click", (event) => {
  const list = event.target.closest("[data-rows]");
  if (!list) return;
  const row = event.target.closest("[data-one-row]");
  if (event.target.closest("[data-rows-add]")) add(list);
  else if (event.target.closest("[data-row-up]")) move(list, row, true);
  else if (event.target.closest("[data-row-down]")) move(list, row, false);
  else if (event.target.closest("[data-row-remove]")) remove(list, row);
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-one-row]");
  if (!row || event.isComposing) return;
  const list = row.closest("[data-rows]");
  const up = event.key === "ArrowUp";
  if (event.altKey && (up || event.key === "ArrowDown")) move(list, row, up);
  else if (event.key === "Enter" && event.target.matches("input")) add(list, row);
  else return;
  event.preventDefault();
});

document.querySelectorAll("[data-rows]").forEach(number);
