// The tree of a condition as elements, stamped from the templates of the kit.
import { isChange, sightOf } from "./condition_readings.js";
import { readRule } from "./condition_tree.js";
import { depth, metrics, operators, readings, texts, tiers } from "./condition_vocabulary.js";

const stamp = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// How a rule is compared, undefined while it has no metric.
export const sightOfRule = (rule) => {
  const known = metrics.get(rule.metric);
  return known && sightOf(rule, known, readings);
};

const numbered = (rule, known) => {
  const control = stamp("cond-number");
  const input = control.querySelector("input");
  input.value = rule.text;
  control.querySelector("[data-unit]").textContent = known.unit;
  return control;
};

const controls = {
  number: numbered,
  change: numbered,
  over: numbered,
  rank: (rule) => {
    const control = stamp("cond-choice");
    control.append(...tiers.map((tier, rank) => new Option(`${tier.key} · ${tier.label}`, String(rank))));
    control.value = rule.values[0] ?? "";
    return control;
  },
  category: (rule, known) => (rule.op === "in" ? manyOf(rule, known) : oneOf(rule, known)),
};

const oneOf = (rule, known) => {
  const control = stamp("cond-choice");
  control.append(...Object.entries(known.categories).map(([key, label]) => new Option(label, key)));
  control.value = rule.values[0] ?? "";
  return control;
};

const manyOf = (rule, known) => {
  const control = stamp("cond-many");
  const panel = control.querySelector(".menu-panel");
  for (const [key, label] of Object.entries(known.categories)) {
    const choice = stamp("cond-many-choice");
    const box = choice.querySelector("input");
    box.value = key;
    box.checked = rule.values.includes(key);
    choice.querySelector("span").textContent = label;
    panel.append(choice);
  }
  tellChosen(control, rule, known);
  return control;
};

export const tellChosen = (control, rule, known) => {
  const chosen = rule.values.map((key) => known.categories[key] ?? key).join(texts.between);
  control.querySelector("[data-chosen]").textContent = chosen || texts.choose;
};

// Whether a metric may be asked for more than its value: not within what is asked of a partner.
const hasReadings = (known, within) => readings && !within && (known?.kind === "number" || known?.kind === "category");

const drawReading = (element, rule) => {
  const { partners, ...kinds } = readings;
  const control = element.querySelector("[data-cond-read]");
  control.hidden = false;
  control.append(...Object.entries(kinds).map(([read, { label }]) => new Option(label, read)));
  control.value = rule.read;
  const days = element.querySelector("[data-cond-span]");
  days.hidden = !isChange(rule);
  days.querySelector("input").value = rule.days;
  days.querySelector("[data-unit]").textContent = kinds[rule.read].after ?? "";
};

const drawComparison = (element, rule) => {
  const sight = sightOfRule(rule);
  if (!sight || sight.kind === "state") return;
  const comparison = element.querySelector("[data-cond-op]");
  comparison.hidden = false;
  comparison.append(...operators[sight.kind].map(([op, text]) => new Option(text, op)));
  comparison.value = rule.op;
  if (!rule.op.startsWith("is_")) element.querySelector("[data-cond-value]").append(controls[sight.kind](rule, sight));
};

const PARTS = {
  metric: "[data-cond-metric]",
  not: "[data-cond-do=not]",
  read: "[data-cond-read]",
  days: "[data-cond-days]",
  op: "[data-cond-op]",
  value: "[data-cond-value] :is(input, select, summary)",
};

const drawRule = (rule, within) => {
  const element = stamp("cond-rule");
  const known = metrics.get(rule.metric);
  element.dataset.node = rule.id;
  const metric = element.querySelector("[data-cond-metric]");
  metric.querySelector("[data-label]").textContent = known?.label ?? (rule.metric || texts.metric);
  metric.classList.toggle("is-empty", !rule.metric);
  if (known) metric.title = known.help;
  element.querySelector("[data-cond-do=not]").setAttribute("aria-pressed", String(rule.not));
  if (hasReadings(known, within)) drawReading(element, rule);
  drawComparison(element, rule);
  element.querySelector("[data-cond-do=remove]").setAttribute("aria-label", texts.removeRule.replace("{metric}", known?.label ?? texts.rule));
  for (const [role, selector] of Object.entries(PARTS)) {
    const control = element.querySelector(selector);
    if (control) control.id = `${rule.id}-${role}`;
  }
  tellLack(element, rule);
  return element;
};

export const tellLack = (element, rule) => {
  const { lacks } = readRule(rule, metrics, readings);
  const told = element.querySelector("[data-cond-lacks]");
  told.textContent = (lacks && texts[`lacks${lacks[0].toUpperCase()}${lacks.slice(1)}`]) || "";
  told.hidden = !told.textContent;
};

// `level` is how deep the group stands, `within` whether it or a group around it is asked of a partner.
export const drawGroup = (group, level, isRoot = false, around = false) => {
  const element = stamp("cond-group");
  const within = around || group.partner;
  element.dataset.node = group.id;
  element.classList.toggle("is-root", isRoot);
  element.classList.toggle("is-partner", Boolean(group.partner));
  if (group.partner) element.setAttribute("aria-label", texts[group.partner]);
  for (const told of element.querySelectorAll("[data-cond-partner]")) told.hidden = told.dataset.condPartner !== group.partner;
  for (const button of element.querySelectorAll("[data-cond-do=partner], [data-cond-do=connected]")) button.hidden = !readings?.partners || within;
  const loose = isRoot && group.parts.length < 2 && !group.not;
  element.querySelector(":scope > .cond-head").hidden = loose;
  for (const button of element.querySelectorAll("[data-cond-joiner]")) {
    button.setAttribute("aria-pressed", String(button.dataset.condJoiner === group.joiner));
  }
  element.querySelector("[data-cond-do=not]").setAttribute("aria-pressed", String(group.not));
  element.querySelector(".cond-head > [data-cond-do=remove]").hidden = isRoot;
  const parts = group.parts.map((part, at) => {
    const item = stamp("cond-part");
    item.querySelector("[data-joint]").textContent = at ? texts[group.joiner] : "";
    item.append(part.kind === "group" ? drawGroup(part, level + 1 + Number(part.not), false, within) : drawRule(part, within));
    return item;
  });
  element.querySelector(".cond-parts").append(...parts);
  element.querySelector(".cond-parts").classList.toggle("is-joined", parts.length > 1);
  const deep = level + 3 > depth;
  element.querySelector("[data-cond-do=group]").disabled = deep;
  element.querySelector("[data-cond-deep]").hidden = !deep;
  return element;
};
