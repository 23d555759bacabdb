// Placements: cut-offs are typed or dragged over the scale, which shows at once how many scores each tier takes. Also the
// choices of the studio that the server turns into edits, tiers that are chosen as badges, and forms of new entries.
import { pick } from "./metric_picker.js";

const { metrics } = JSON.parse(document.getElementById("cond-vocabulary").textContent);
const grouped = new Intl.NumberFormat(document.documentElement.lang || "en");
const LARGE = 5;
const SMALL = 0.1;
const LETTER = 1.3; // per cent of the width, as in tiering/pages/studio_scale.py

const fire = (field, name) => field.dispatchEvent(new Event(name, { bubbles: true }));
const numberIn = (field) => Number(field.value.replace(",", "."));
const percent = (share) => `${Math.max(0, Math.min(100, share))}%`;

// A choice whose consequences the server works out: <select data-choose-act='{"act": …}'> adds its value.
document.addEventListener("change", (event) => {
  const choice = event.target.closest?.("[data-choose-act]");
  if (!choice) return;
  const act = { ...JSON.parse(choice.dataset.chooseAct), value: choice.value };
  send(choice, { act, section: choice.dataset.sectionRenew, focus: choice.id });
});
const send = (element, detail) => element.dispatchEvent(new CustomEvent("strata:edit", { bubbles: true, detail }));

// Tiers as badges, and what repeats the choice elsewhere.
const paint = (element, step) => {
  for (const name of [...element.classList]) if (name.startsWith("tier-step-")) element.classList.remove(name);
  if (step) element.classList.add(`tier-step-${step}`);
};
const follow = (select) => paint(select, select.selectedOptions[0]?.dataset.step);
for (const name of ["change", "strata:written"]) {
  document.addEventListener(name, (event) => event.target.matches?.("[data-tier-select]") && follow(event.target));
}

// Scales
const fieldsOf = (path) =>
  [...document.querySelectorAll(`[data-cut="${CSS.escape(path)}"]`)].sort((one, other) => one.dataset.number - other.dataset.number);

// From the cuts to the zones: scores fall from the best on, shares rise.
const zonesOf = (scale, cuts) => {
  if (scale.dataset.scaleKind === "score") return [...cuts, 0].map((low, at) => [low, at ? cuts[at - 1] : 100]);
  return [...cuts, 100].map((high, at) => [at ? cuts[at - 1] : 0, high]);
};

const atLeast = (scores, points) => {
  const tenth = Math.ceil(Number((points * 10).toPrecision(12)));
  return Object.entries(scores).reduce((sum, [score, number]) => sum + (Number(score) >= tenth ? number : 0), 0);
};

const redraw = (scale) => {
  const path = scale.dataset.scaleOf;
  const cuts = fieldsOf(path).map(numberIn);
  if (cuts.some((cut) => !Number.isFinite(cut))) return;
  zonesOf(scale, cuts).forEach(([low, high], number) => {
    const zone = scale.querySelector(`[data-zone="${number}"]`);
    const name = scale.querySelector(`[data-zone-name="${number}"]`);
    if (!zone) return;
    zone.setAttribute("x", percent(low));
    zone.setAttribute("width", percent(high - low));
    name.setAttribute("x", percent((low + high) / 2));
    name.classList.toggle("is-narrow", high - low < LETTER * (name.textContent.length + 2));
  });
  fieldsOf(path).forEach((field) => {
    const handle = document.querySelector(`[data-handle-of="${CSS.escape(field.id)}"]`);
    handle?.setAttribute("x", percent(numberIn(field)));
    handle?.setAttribute("aria-valuenow", field.value);
  });
  count(scale, cuts);
};

const count = (scale, cuts) => {
  const scores = JSON.parse(scale.dataset.scores);
  if (!Object.keys(scores).length) return;
  let above = 0;
  [...cuts, 0].forEach((cut, number) => {
    const reached = atLeast(scores, cut);
    const told = document.querySelector(`[data-step-clients="${CSS.escape(scale.dataset.scaleOf)}"][data-number="${number}"]`);
    if (told) told.textContent = grouped.format(Math.max(0, reached - above));
    above = reached;
  });
};

const scaleOf = (field) => document.querySelector(`[data-scale-of="${CSS.escape(field.dataset.cut)}"]`);
for (const name of ["input", "strata:written"]) {
  document.addEventListener(name, (event) => {
    const scale = event.target.dataset?.cut && scaleOf(event.target);
    if (scale) redraw(scale);
  });
}

// A handle stays between its neighbours, a step away from each.
const limitsOf = (field, step) => {
  const cuts = fieldsOf(field.dataset.cut);
  const at = cuts.indexOf(field);
  const falls = scaleOf(field).dataset.scaleKind === "score";
  const [before, after] = [cuts[at - 1], cuts[at + 1]].map((other) => (other ? numberIn(other) : null));
  const [low, high] = falls ? [after ?? 0, before ?? 100] : [before ?? 0, after ?? 100];
  return [low + step, high - (high === 100 && falls && before === null ? 0 : step)];
};

const moveTo = (field, wanted, step = 1) => {
  const [low, high] = limitsOf(field, step);
  if (low > high) return;
  const value = Math.min(high, Math.max(low, wanted));
  field.value = String(Number(value.toPrecision(6)));
  fire(field, "input");
};

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle-of]");
  if (!handle || event.altKey || event.ctrlKey || event.metaKey) return;
  const field = document.getElementById(handle.dataset.handleOf);
  const step = event.shiftKey ? SMALL : 1;
  const by = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -LARGE, PageUp: LARGE }[event.key];
  if (by) moveTo(field, numberIn(field) + by, step);
  else if (event.key === "Home") moveTo(field, 0);
  else if (event.key === "End") moveTo(field, 100);
  else return;
  event.preventDefault();
});

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-handle-of]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  handle.focus();
  const field = document.getElementById(handle.dataset.handleOf);
  const area = handle.closest("[data-scale-of]").getBoundingClientRect();
  handle.setPointerCapture(event.pointerId);
  handle.dataset.dragging = "";
  const drag = ({ clientX }) => moveTo(field, Math.round((100 * (clientX - area.left)) / area.width));
  const end = () => {
    handle.removeEventListener("pointermove", drag);
    delete handle.dataset.dragging;
    fire(field, "change");
  };
  handle.addEventListener("pointermove", drag);
  handle.addEventListener("lostpointercapture", end, { once: true });
});

// The metric of which shares are taken.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick-metric]");
  if (!button) return;
  const numbers = metrics.filter((metric) => metric.kind === "number" && metric.about === "facts");
  pick(button, numbers, ({ key }) => {
    const edit = { op: "set", path: button.dataset.pickMetric, was: button.dataset.metricWas, value: key };
    if (key !== button.dataset.metricWas) send(button, { edits: [edit], section: "placement", focus: button.id });
  });
});

// Colours of tiers: one place in the document for the boxes of a row.
document.addEventListener("change", (event) => {
  const { colour } = event.target.dataset ?? {};
  if (!colour) return;
  const field = document.getElementById(`at-${colour}/colour`);
  field.value = event.target.value;
  fire(field, "change");
  paint(document.querySelector(`[data-badge-of="${CSS.escape(colour)}"]`), event.target.value);
});

// A key of a tier is named by cut-offs, gates and cells too, so the server renames all of them.
document.addEventListener("change", (event) => {
  const path = event.target.dataset?.renames;
  const value = event.target.value?.trim();
  if (!path) return;
  event.target.value = event.target.defaultValue; // until the section is shown anew
  if (value) send(event.target, { act: { act: "rename_tier", path, value }, section: "tiers" });
});

// New entries: nothing is saved before the rules are complete and there is a name.
const ready = (form) => {
  const rules = conditions.get(form.id) ?? { condition: null, open: 0, unusable: false };
  const needed = "needed" in form.querySelector("[data-cond]").dataset;
  const named = [...form.querySelectorAll("[data-name]")].some((field) => field.value.trim());
  return named && !rules.open && !rules.unusable && (rules.condition !== null || !needed);
};
const refresh = (form) => (form.querySelector("[data-new-add]").disabled = !ready(form));
// By the form's id, because the section may be fetched anew while the form is filled in.
const conditions = new Map();
const names = new Map();

document.addEventListener("strata:condition", (event) => {
  const form = event.target.closest("[data-new-entry]");
  if (!form) return;
  conditions.set(form.id, event.detail);
  refresh(form);
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-new-entry]");
  if (!form) return;
  if (event.target.dataset.name) names.set(event.target.id, event.target.value);
  refresh(form);
});
document.addEventListener("strata:rendered", (event) => {
  for (const form of event.target.querySelectorAll("[data-new-entry]")) {
    for (const field of form.querySelectorAll("[data-name]")) field.value = names.get(field.id) ?? "";
    refresh(form);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-new-add]");
  const form = button?.closest("[data-new-entry]");
  if (!form || !ready(form)) return;
  const label = Object.fromEntries([...form.querySelectorAll("[data-name]")].map((field) => [field.dataset.name, field.value]));
  const condition = conditions.get(form.id)?.condition;
  conditions.delete(form.id);
  form.querySelectorAll("[data-name]").forEach((field) => names.delete(field.id));
  form.dispatchEvent(new CustomEvent("strata:taken", { bubbles: true }));
  form.open = false;
  send(form, { act: { act: form.dataset.newEntry, label, ...(condition && { when: condition }) }, section: form.dataset.sectionRenew });
});
