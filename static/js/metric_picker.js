// The list of metrics, one for all conditions: it opens beside a button, is searched by typing, and gives back what was
// chosen. Arrow keys and Enter are those of every [data-combo] (studio_parts.js).
const picker = document.getElementById("metric-picker");
const input = picker.querySelector("[role=combobox]");
const list = picker.querySelector("[role=listbox]");
const template = document.getElementById("metric-option");
const GAP = 8;
let offered = [];
let taken = null;
let opener = null;

const matches = (metric, words) => {
  const text = `${metric.label} ${metric.key} ${metric.group}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

// Of what is found, that whose words begin with what was typed comes before that which only holds it.
const rank = (metric, words) => {
  const begin = `${metric.label} ${metric.key}`.toLowerCase().split(/[\s_]+/);
  return words.filter((word) => begin.some((start) => start.startsWith(word))).length;
};

const optionOf = (metric, at) => {
  const option = template.content.firstElementChild.cloneNode(true);
  option.id = `metric-option-${at}`;
  option.dataset.metric = metric.key;
  option.title = metric.help;
  option.querySelector("[data-label]").textContent = metric.label;
  option.querySelector("[data-unit]").textContent = metric.unit;
  option.setAttribute("aria-selected", "false");
  return option;
};

const draw = () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = offered.filter((metric) => matches(metric, words));
  const groups = new Map();
  found.forEach((metric, at) => {
    if (!groups.has(metric.group)) {
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", metric.group);
      const name = document.createElement("div");
      name.className = "group";
      name.setAttribute("aria-hidden", "true");
      name.textContent = metric.group;
      group.append(name);
      groups.set(metric.group, group);
    }
    groups.get(metric.group).append(optionOf(metric, at));
  });
  list.replaceChildren(...groups.values());
  picker.querySelector("[data-none]").hidden = found.length > 0;
  point(found, words);
};

const point = (found, words) => {
  const best = found.reduce((so, metric) => (so && rank(so, words) >= rank(metric, words) ? so : metric), null);
  const option = best && list.querySelector(`[data-metric="${CSS.escape(best.key)}"]`);
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};

const place = () => {
  const at = opener.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  picker.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - picker.offsetWidth - GAP))}px`;
  picker.style.top = `${below > picker.offsetHeight + GAP ? at.bottom + 4 : Math.max(GAP, at.top - picker.offsetHeight - 4)}px`;
};

// Opens the list beside a button; `choose` is given the metric, or nothing happens at all.
export const pick = (button, metrics, choose) => {
  offered = metrics;
  taken = choose;
  opener = button;
  input.value = "";
  draw();
  picker.showPopover();
  place();
  input.focus();
};

input.addEventListener("input", () => {
  draw();
  place();
});
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  const metric = offered.find((each) => each.key === option.dataset.metric);
  const choose = taken;
  picker.hidePopover();
  choose(metric);
});
// Escape and a click beside it close the list; Tab leaves it as Escape does.
picker.addEventListener("keydown", (event) => {
  if (event.key !== "Tab") return;
  event.preventDefault();
  picker.hidePopover();
});
picker.addEventListener("toggle", (event) => {
  if (event.newState === "open") return;
  taken = null;
  if (opener?.isConnected && (document.activeElement === document.body || picker.contains(document.activeElement))) opener.focus();
});
window.addEventListener("scroll", (event) => {
  if (!picker.contains(event.target) && picker.matches(":popover-open")) place();
}, true);
