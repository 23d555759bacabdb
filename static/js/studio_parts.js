// Small parts of the studio: tabs, sliders that go with a number, texts that repeat a field, totals, choosing from a list.

// Tabs: [role=tablist] of buttons with aria-controls. The choice outlives a section that is fetched anew, by the tab's id.
const chosen = new Map();
const tabsOf = (list) => [...list.querySelectorAll("[role=tab]")].filter((tab) => tab.closest("[role=tablist]") === list);
const choose = (tab) => {
  const list = tab.closest("[role=tablist]");
  chosen.set(list.id, tab.id);
  for (const other of tabsOf(list)) {
    const is = other === tab;
    other.setAttribute("aria-selected", String(is));
    other.tabIndex = is ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !is;
  }
};
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!tab || !step || event.altKey) return;
  const all = tabsOf(tab.closest("[role=tablist]"));
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  choose(next);
  next.focus();
});

// Panels: [data-toggle="id"] opens and closes the [data-panel] of that id. An empty one is fetched with its section, which
// is told what is open (studio_sections.js).
const unfold = (panel, open) => {
  panel.hidden = !open;
  if (open && "empty" in panel.dataset) {
    const sections = [panel.closest("[data-section]").dataset.section];
    document.body.dispatchEvent(new CustomEvent("strata:renew", { detail: { sections } }));
  }
  for (const button of document.querySelectorAll(`[data-toggle="${CSS.escape(panel.id)}"]`)) {
    button.setAttribute("aria-expanded", String(open));
  }
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle]");
  if (!button) return;
  const panel = document.getElementById(button.dataset.toggle);
  unfold(panel, panel.hidden);
});

document.addEventListener("strata:rendered", (event) => {
  for (const id of chosen.values()) {
    const tab = document.getElementById(id);
    if (tab && event.target.contains(tab)) choose(tab);
  }
});

// Everything around an element is opened, so that it can be seen: dispatched on it by whoever leads there.
document.addEventListener("strata:reveal", (event) => {
  for (let at = event.target; at; at = at.parentElement) {
    if (at.matches("[role=tabpanel]")) choose(document.getElementById(at.getAttribute("aria-labelledby")));
    if (at.matches("[data-panel]")) unfold(at, true);
    if (at.matches("details")) at.open = true;
  }
});

// Alt with an arrow moves the entry in which the focus is, the innermost that can be moved.
document.addEventListener("keydown", (event) => {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const entry = event.altKey && by && event.target.closest?.("[data-movable]");
  if (!entry || event.target.matches("select")) return;
  event.preventDefault();
  const detail = { act: { act: "move", path: entry.dataset.address, by } };
  entry.dispatchEvent(new CustomEvent("strata:edit", { bubbles: true, detail }));
});

// Sliders: one number in two controls. The slider sends nothing itself.
const fire = (field, name) => field.dispatchEvent(new Event(name, { bubbles: true }));
const mirrorsOf = (field) => document.querySelectorAll(`[data-mirrors="${CSS.escape(field.id)}"]`);
const follow = (field) => mirrorsOf(field).forEach((slider) => (slider.value = Number(field.value) || 0));

// Texts: what a field holds, repeated elsewhere; nothing typed leaves the text as it is.
const repeat = (field) => {
  for (const copy of document.querySelectorAll(`[data-copies="${CSS.escape(field.id)}"]`)) {
    if (field.value.trim()) copy.textContent = field.value.trim();
  }
};

// Totals: weights that have to come to 100. They are even where they do and each of them weighs something.
const weightOf = (field) => Number(field.value.replace(",", ".")) || 0;
const add = (field) => {
  const total = document.getElementById(field.dataset.sum);
  if (!total) return;
  const weights = [...document.querySelectorAll(`[data-sum="${CSS.escape(field.dataset.sum)}"]`)].map(weightOf);
  const shown = Number(weights.reduce((sum, weight) => sum + weight, 0).toFixed(2));
  const whole = shown === 100;
  total.querySelector("[data-total]").textContent = `${shown}%`;
  total.classList.toggle("chip-ok", whole);
  total.classList.toggle("chip-bad", !whole);
  for (const help of document.querySelectorAll(`[data-unless-even="${CSS.escape(total.id)}"]`)) {
    help.hidden = whole && weights.every((weight) => weight > 0);
  }
};

const refresh = (field) => {
  if (!field.id) return;
  follow(field);
  repeat(field);
  if (field.dataset.sum) add(field);
};

document.addEventListener("input", (event) => {
  const { mirrors } = event.target.dataset ?? {};
  if (!mirrors) return refresh(event.target);
  const field = document.getElementById(mirrors);
  field.value = event.target.value;
  fire(field, "input");
});
document.addEventListener("change", (event) => {
  const { mirrors } = event.target.dataset ?? {};
  if (mirrors) fire(document.getElementById(mirrors), "change");
});
document.addEventListener("strata:written", (event) => refresh(event.target));

// ↑ and ↓ in a number that says its step.
document.addEventListener("keydown", (event) => {
  const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const field = event.target;
  if (!sign || !field.dataset?.step || event.altKey || event.ctrlKey || event.metaKey) return;
  const number = Number(field.value);
  if (!Number.isFinite(number)) return;
  event.preventDefault();
  const step = Number(field.dataset.step) * (event.shiftKey ? 10 : 1);
  const [low, high] = [field.dataset.low, field.dataset.high].map((end) => (end === undefined ? undefined : Number(end)));
  const next = Math.min(high ?? Infinity, Math.max(low ?? -Infinity, number + sign * step));
  field.value = String(Number(next.toPrecision(12)));
  fire(field, "input");
});

// A list to choose from by typing: [data-combo] holds an input and a [role=listbox] that the server fills.
const options = (combo) => [...combo.querySelectorAll("[role=option]:not([aria-disabled=true])")];
const point = (combo, option) => {
  for (const other of combo.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
  const input = combo.querySelector("[role=combobox]");
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};
document.addEventListener("keydown", (event) => {
  const combo = event.target.closest?.("[data-combo]");
  if (!combo || event.isComposing) return;
  const all = options(combo);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") all[Math.max(0, at)]?.click();
  else if (event.key === "ArrowDown") point(combo, all[Math.min(all.length - 1, at + 1)]);
  else if (event.key === "ArrowUp") point(combo, all[Math.max(0, at - 1)]);
  else return;
  event.preventDefault();
});
document.addEventListener("htmx:afterSwap", (event) => {
  const combo = event.target.closest?.("[data-combo]");
  if (combo) point(combo, options(combo)[0]);
});

// A link to a section opens the tab that holds it.
const arrive = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.dispatchEvent(new CustomEvent("strata:reveal", { bubbles: true }));
  target.scrollIntoView();
};
window.addEventListener("hashchange", arrive);
arrive();
